// Screens in the hall ask for themselves anew. Plain old JavaScript: television browsers are old.
// data-live="4": this part is fetched every 4 s; when the server does not answer, #lost says so.
// data-home, data-home-after: back to the first page after so many seconds. data-prints: print.
// data-count-from: the number of people waiting, from the board. Cookies are never sent along, so
// that a screen left open does not keep anybody's session alive.
(function () {
  "use strict";
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
    again();
  }

  var box = document.querySelector("[data-live]");
  if (box) {
    keep(Number(box.getAttribute("data-live")), location.href.split("#")[0], box.id, function (fresh) {
      if (box.innerHTML !== fresh.innerHTML) box.innerHTML = fresh.innerHTML;
    });
  }

  var count = document.querySelector("[data-count-from]");
  if (count) {
    keep(15, count.getAttribute("data-count-from"), "waiting", function (fresh) {
      count.textContent = fresh.textContent;
    });
  }

  var home = document.querySelector("[data-home]");
  if (home) {
    if (home.hasAttribute("data-prints")) window.print();
    var leave = function () {
      var url = home.getAttribute("data-home");
      get(url, function () { location.replace(url); }, function () { setTimeout(leave, 5000); });
    };
    setTimeout(leave, Number(home.getAttribute("data-home-after")) * 1000);
  }
})();
