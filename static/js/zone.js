// Tells the server the browser's time zone, in which it writes times: `admin_ui/display/zones.py`.
(function () {
  "use strict";
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!timeZone || document.cookie.split("; ").includes(`zone=${timeZone}`)) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `zone=${timeZone}; path=/; max-age=31536000; samesite=lax${secure}`;
})();
