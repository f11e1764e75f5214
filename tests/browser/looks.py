"""Questions to the page about how it looks, asked in its own language; answers are fault lines."""

# How far the page can be moved sideways; and what sticks out, to find the cause.
SIDEWAYS = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return "";
  const out = [...document.querySelectorAll("body *")].filter((e) =>
    e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")
    && e.children.length < 4);
  return `sideways ${root.scrollWidth} px: ` + out.slice(0, 4).map((e) =>
    `${e.tagName.toLowerCase()}.${e.className} ${e.id}`).join("; ");
}"""
# Text that its box cuts off or that runs out of its button, and bars that take half the screen.
CUT = """() => {
  const told = [];
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className} “${e.innerText.slice(0, 40)}”`;
  const clips = (way) => way === "hidden" || way === "clip";
  const forEars = (e) => Boolean(e) &&
    ((e.offsetWidth <= 1 && e.offsetHeight <= 1) || forEars(e.parentElement));
  for (const e of document.querySelectorAll("body *")) {
    if (!(e instanceof HTMLElement) || !e.getClientRects().length) continue;
    const look = getComputedStyle(e);
    const stays = look.position === "fixed" || look.position === "sticky";
    if (stays && e.offsetHeight > innerHeight / 2 && e.scrollHeight <= e.clientHeight + 1
        && !e.matches("dialog")) told.push(`stays over half the page: ${name(e)}`);
    if (e.closest(".sheet, iframe, .view") || forEars(e) || !e.innerText?.trim()) continue;
    const wide = e.scrollWidth > e.clientWidth + 1, tall = e.scrollHeight > e.clientHeight + 2;
    if ((clips(look.overflowX) && wide) || (clips(look.overflowY) && tall))
      told.push(`cut: ${name(e)}`);
    else if (wide && e.clientWidth && e.matches(".button, button, .pill, .chip, .tabs a"))
      told.push(`runs out of its edge: ${name(e)}`);
  }
  return told.slice(0, 5);
}"""
# To be asked while the system's own colours are in force.
FORCED = """() => {
  const told = [];
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className} ` +
    `${e.id} “${(e.innerText ?? "").slice(0, 30)}”`;
  const shown = (e) => e.getClientRects().length > 0 && !e.closest(".hidden") &&
    getComputedStyle(e).visibility === "visible";
  const clear = (colour) => colour === "transparent" || /, 0\\)$/.test(colour);
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const line = (look, side, over) => look[`border${side}Style`] !== "none" &&
    parseFloat(look[`border${side}Width`]) > 0 && look[`border${side}Color`] !== over;
  const edged = (e) => ["Top", "Right", "Bottom", "Left"].every((side) =>
    line(getComputedStyle(e), side, ground(e.parentElement)));

  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (own && e instanceof HTMLElement && shown(e) && getComputedStyle(e).color === ground(e))
      told.push(`text of the colour of its ground: ${name(e)}`);
  }
  const CONTROLS = "button, .button, select, textarea, .chip, .tile, .b, " +
    "input:not([type=hidden],[type=checkbox],[type=radio],[type=file])";
  for (const e of document.querySelectorAll(CONTROLS)) {
    if (!shown(e) || getComputedStyle(e).opacity === "0" || e.matches("[role=option]")) continue;
    const words = getComputedStyle(e).textDecorationLine.includes("underline");
    if (!edged(e) && !words) told.push(`control without an edge: ${name(e)}`);
  }
  for (const e of document.querySelectorAll("svg rect, svg path, svg circle, svg line")) {
    const look = getComputedStyle(e), over = ground(e.closest("svg"));
    const lined = look.stroke !== "none" && look.stroke !== over;
    if (!lined && (look.fill === "none" || look.fill === over)) told.push(`gone: ${name(e)}`);
  }

  // What is chosen or current, beside one of its kind that is not; bold alone is too little, and
  // the focus that may stand on it does not count.
  const before = document.activeElement;
  if (before?.closest("[data-row]")) before.blur();
  // Without the upper border: that is the line between two rows.
  const OUTER = ["color", "borderBottomWidth", "borderLeftWidth",
    "borderLeftColor", "borderBottomColor", "outlineStyle", "outlineWidth", "outlineColor",
    "textDecorationLine"];
  const INNER = ["content", "backgroundImage", "borderTopWidth"];
  const looks = (e) => {
    const own = getComputedStyle(e), before = getComputedStyle(e, "::before");
    const lines = [...OUTER.map((p) => own[p]), ...INNER.map((p) => before[p])];
    return JSON.stringify([ground(e), ...lines]);
  };
  const alike = (one, other) => one && other && shown(one) && shown(other)
    && looks(one) === looks(other);
  const CURRENT = "[aria-current]:not([aria-current=false]), [aria-selected=true], .fresh";
  for (const e of document.querySelectorAll(CURRENT)) {
    const kin = e.closest("[role=listbox]")?.querySelectorAll("[role=option]")
      ?? e.parentElement.children;
    const other = [...kin].find((o) => o !== e && o.tagName === e.tagName
      && !o.matches(CURRENT) && !o.matches(".group, .done"));
    if (alike(e, other)) told.push(`current looks like the rest: ${name(e)}`);
  }
  for (const e of document.querySelectorAll(".segmented :checked + span")) {
    const group = e.closest(".segmented");
    const other = [...group.querySelectorAll("input:not(:checked) + span")][0];
    if (alike(e, other)) told.push(`ticked looks like the rest: ${name(e)}`);
  }

  // The focus, wherever it can stand: an outline on the thing or on what is drawn for it.
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
    "[tabindex]:not(main)";
  const drawn = (e) => getComputedStyle(e).opacity !== "0" ? e
    : e.labels?.[0]?.contains(e) ? e.nextElementSibling ?? e.parentElement : e.labels?.[0] ?? e;
  const outlined = (e) => {
    const look = getComputedStyle(e);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 &&
      look.outlineColor !== ground(e.parentElement ?? e);
  };
  const covered = (e) => {
    const box = e.getBoundingClientRect();
    const spots = [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3],
      [box.left + box.width / 2, box.top + box.height / 2]];
    return spots.every(([x, y]) => {
      const over = document.elementFromPoint(x, y)?.closest(".bar, .toolbar, .unreachable");
      return over && !over.contains(e);
    });
  };
  const open = document.querySelector("dialog[open]");
  const stops = [...(open ?? document).querySelectorAll(STOPS)].filter((e) => shown(e) &&
    !e.disabled && !e.closest("[data-round] [data-row]:not([aria-current])"));
  for (const e of stops.slice(0, 80)) {
    e.focus();
    if (document.activeElement !== e) continue;
    const seen = outlined(drawn(e)) || outlined(e.closest("label, li, tr") ?? e);
    if (!seen) told.push(`focus unseen: ${name(e)}`);
    else if (covered(e)) told.push(`focus covered by a bar: ${name(e)}`);
  }
  before?.focus?.();
  return told.slice(0, 8);
}"""
