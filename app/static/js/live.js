// Screens in the hall ask for themselves anew. Plain old JavaScript: television browsers are old.
// data-live="4": this part is fetched every 4 s; when the server does not answer, #lost says so.
// data-home: a page of the machine at the door, see machine(). data-count-from: the number of people
// waiting, from the board. form[data-hall]: the head's button for the next person. Cookies are
// never sent along, so that a screen left open does not keep anybody's session alive.
(function () {
  "use strict";
  var LOST = "Mất kết nối, máy tự thử lại…";
  var lost = document.getElementById("lost");

  function get(url, done, failed) {
    if (window.fetch) {
      fetch(url, { credentials: "omit", cache: "no-store" }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(done)["catch"](failed);
      return;
    }
    var request = new XMLHttpRequest();
    request.open("GET", url);
    request.timeout = 10000;
    request.onload = function () {
      if (request.status === 200) done(request.responseText);
      else failed();
    };
    request.onerror = request.ontimeout = failed;
    request.send();
  }

  // Without its head: the styles there carry the mark of another answer, which CSP would refuse.
  function part(text, id) {
    var body = text.slice(text.indexOf("<body"));
    return new DOMParser().parseFromString(body, "text/html").getElementById(id);
  }
  function titleOf(text) {
    var found = /<title>[^<]*<\/title>/.exec(text);
    return found ? new DOMParser().parseFromString(found[0], "text/html").title : document.title;
  }

  function keep(seconds, url, id, show) {
    function again() {
      setTimeout(ask, seconds * 1000);
    }
    function ask() {
      get(url, function (text) {
        var fresh = part(text, id);
        if (fresh) show(fresh);
        if (lost) lost.hidden = true;
        again();
      }, function () {
        if (lost) lost.hidden = false;
        again();
      });
    }
    return { later: again, now: ask };
  }

  var box = document.querySelector("[data-live]");
  if (box) {
    keep(Number(box.getAttribute("data-live")), location.href.split("#")[0], box.id, function (fresh) {
      if (box.innerHTML !== fresh.innerHTML) box.innerHTML = fresh.innerHTML;
    }).later();
  }

  function keepCount(count, url) {
    var counting = keep(15, url, "waiting", function (fresh) {
      count.textContent = fresh.textContent;
      count.parentNode.hidden = false;
    });
    if (count.textContent) counting.later();
    else counting.now();
  }
  var count = document.querySelector("[data-count-from]"), next = document.querySelector("form[data-hall]");
  if (count) keepCount(count, count.getAttribute("data-count-from"));
  if (next) {
    var line = document.createElement("p");
    line.className = "in-line";
    line.hidden = true;
    line.innerHTML = "<b></b> chờ";
    next.parentNode.insertBefore(line, next);
    keepCount(line.firstChild, "/bang-so/" + next.getAttribute("data-hall"));
  }

  // How long the number in the head has been served; by this clock's steps, whatever it shows.
  var served = document.querySelector(".top-button b"), loaded = Date.now();
  if (served) {
    var before = Number(served.textContent);
    setInterval(function () {
      var gone = Math.floor((Date.now() - loaded) / 60000);
      served.textContent = before + gone;
    }, 15000);
  }

  // --- the next person, called from a page where something may be typed: it would be lost ---------
  var asked = -1e9;
  function isTyped(e) {
    var kept = next.hasAttribute("data-kept");
    if (/^(hidden|submit|button|search)$/.test(e.type) || e.nodeName === "FIELDSET") return false;
    if (/^(radio|checkbox)$/.test(e.type)) return e.checked !== e.defaultChecked;
    if (e.type === "file") return e.files.length > 0;
    if (e.nodeName !== "SELECT") return e.value !== e.defaultValue || (kept && e.value.trim() !== "");
    return e.selectedOptions[0] && !e.selectedOptions[0].defaultSelected && e.selectedIndex > 0;
  }
  function hasTyped() {
    var forms = [].slice.call(document.querySelectorAll("main form:not([role=search])"));
    return forms.some(function (form) {
      return form.method === "post" && [].slice.call(form.elements).some(isTyped);
    });
  }
  if (next) {
    // Before all others that listen; reach.js sends once more when it has asked the server.
    document.addEventListener("submit", function (event) {
      if (event.target !== next || Date.now() - asked < 15000 || !hasTyped()) return;
      if (window.confirm("Nội dung đã nhập chưa được gửi và sẽ mất. Vẫn gọi số tiếp theo?")) asked = Date.now();
      else event.preventDefault();
    }, true);
  }

  // --- the machine at the door ---------------------------------------------------------------------
  // It never leaves its page: a browser that cannot reach the next one shows a page of its own, which
  // nobody there can leave. data-kiosk: what is offered; where that has changed it is drawn anew.
  // data-home, data-home-after: back to the first page after so many seconds. data-prints: print.
  function machine(main) {
    var AGAIN = 3000, PATIENCE = 8000, GIVE_UP = 60000, EVERY = 15000, IDLE = 15000;
    var RELEASE = 6 * 3600000; // after so long the page is loaded anew, a new version with it
    var home = main.getAttribute("data-home");
    var born = Date.now(), touched = -1e9, sending = false, pressed = null, timer;

    function tell(text) {
      lost.textContent = text;
      lost.hidden = !text;
    }
    function begin() {
      clearTimeout(timer);
      if (main.hasAttribute("data-prints")) window.print();
      var after = Number(main.getAttribute("data-home-after"));
      if (after) timer = setTimeout(leave, after * 1000);
    }
    function isBusy() {
      return main.hasAttribute("data-kiosk") && Date.now() - touched < IDLE;
    }
    function show(text, address) {
      var fresh = part(text, "main");
      if (!fresh || !fresh.hasAttribute("data-home")) return false;
      fresh = document.importNode(fresh, true);
      main.parentNode.replaceChild(fresh, main);
      main = fresh;
      document.title = titleOf(text);
      history.replaceState(null, "", address);
      touched = -1e9;
      tell("");
      main.focus();
      begin();
      return true;
    }
    function leave() {
      clearTimeout(timer);
      if (sending || isBusy()) {
        timer = setTimeout(leave, AGAIN);
        return;
      }
      get(home, function (text) {
        if (Date.now() - born > RELEASE || !show(text, home)) location.replace(home);
      }, function () {
        tell(LOST);
        timer = setTimeout(leave, AGAIN);
      });
    }
    function look() {
      var seen = main;
      if (sending || !main.hasAttribute("data-kiosk")) {
        setTimeout(look, AGAIN);
        return;
      }
      get(home, function (text) {
        setTimeout(look, EVERY);
        if (seen === main && !sending) renew(text);
      }, function () {
        setTimeout(look, AGAIN);
        if (seen === main && !sending && lost.hidden) tell(LOST); // what else is said there stays
      });
    }
    function renew(text) {
      var fresh = part(text, "main"), mine = document.getElementById("live");
      tell("");
      if (!fresh) return;
      if (fresh.getAttribute("data-kiosk") !== main.getAttribute("data-kiosk")) {
        if (!isBusy()) show(text, home);
      } else if (mine) {
        mine.textContent = fresh.querySelector("#live").textContent;
      }
    }

    function post(form, body, done, failed) {
      var stop = window.AbortController ? new AbortController() : null;
      var clock = stop && setTimeout(function () { stop.abort(); }, PATIENCE);
      var address;
      fetch(form.action, {
        method: "POST", body: body, headers: { "Content-Type": "application/x-www-form-urlencoded" },
        credentials: "omit", cache: "no-store", signal: stop ? stop.signal : undefined
      }).then(function (answer) {
        address = answer.redirected ? answer.url : home;
        return answer.text();
      }).then(function (text) {
        clearTimeout(clock);
        // A proxy's page, or one that says that we failed, is none of the machine's.
        if (!show(text, address)) throw new Error("not ours");
        done();
      })["catch"](function () {
        clearTimeout(clock);
        failed();
      });
    }
    function send(form, button) {
      var body = new URLSearchParams(), begun = Date.now(), slow;
      [].slice.call(form.elements).forEach(function (e) {
        if (e.name && e.nodeName === "INPUT" && (e.type !== "radio" || e.checked)) body.append(e.name, e.value);
      });
      if (button && button.name) body.append(button.name, button.value);
      sending = true;
      slow = setTimeout(function () { tell("Đang lấy số…"); }, 700);
      // The form's key makes all tries one press: whichever arrived first has given the number.
      (function attempt() {
        post(form, body.toString(), function () {
          clearTimeout(slow);
          sending = false;
        }, function () {
          clearTimeout(slow);
          if (Date.now() - begun < GIVE_UP) {
            tell(LOST);
            setTimeout(attempt, AGAIN);
            return;
          }
          sending = false; // whoever pressed may have gone: a number would be nobody's
          tell("Chưa lấy được số vì mất kết nối. Mời bạn bấm lại.");
        });
      })();
    }

    document.addEventListener("click", function (event) {
      touched = Date.now();
      var found = event.target.closest ? event.target.closest("main button, main a") : null;
      if (found && found.nodeName === "A") {
        event.preventDefault();
        touched = -1e9;
        leave();
      }
      pressed = found;
    });
    document.addEventListener("submit", function (event) {
      if (!window.fetch || !window.URLSearchParams) return;
      event.preventDefault();
      if (!sending) send(event.target, event.submitter || pressed);
    });
    begin();
    setTimeout(look, EVERY);
  }

  var hall = document.querySelector("main[data-home]");
  if (hall) machine(hall);
})();
