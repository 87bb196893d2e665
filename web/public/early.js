// Runs before anything else. A file of its own: the CSP forbids inline scripts.
(function () {
  function remembered(key) {
    try {
      return localStorage.getItem(key);
    } catch (error) {
      return null; // storage is forbidden
    }
  }

  // Before the first paint, so a dark cabinet never flashes white.
  var scheme = remembered('mantine-color-scheme-value');
  var dark = scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');

  // What the first screen needs is asked for at once, not when the scripts have found out that they need it.
  var language = remembered('ats.language') === 'en' ? 'en' : 'ru';
  var files = document.currentScript.dataset; // the build writes them there
  var wanted = [files[language], location.pathname === '/' ? files[remembered('ats.start')] : ''];
  wanted.join(' ').split(/ +/).filter(Boolean).forEach(function (file) {
    var link = document.createElement('link');
    link.rel = /\.css$/.test(file) ? 'preload' : 'modulepreload';
    if (link.rel === 'preload') link.as = 'style';
    link.crossOrigin = '';
    link.href = file;
    document.head.append(link);
  });
  window.atsSession = fetch('/api/auth/session', {
    credentials: 'same-origin',
    headers: { Accept: 'application/json', 'Accept-Language': language },
  }).then(
    function (answer) {
      return answer.ok ? answer.json() : null;
    },
    function () {
      return null;
    },
  );
})();
