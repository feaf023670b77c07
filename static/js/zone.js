// Tells the server the browser's time zone, in which it writes times: `admin_ui/display/zones.py`.
(function () {
  "use strict";
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const [prefix, secure] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""];
  const cookie = `${prefix}zone=${timeZone}`;
  if (!timeZone || document.cookie.split("; ").includes(cookie)) return;
  document.cookie = `${cookie}; path=/; max-age=31536000; samesite=lax${secure}`;
})();
