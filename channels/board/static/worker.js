// Keeps what the screen was last given, and gives it when the network is gone.
const KEPT = 'screen-1';
const OURS = ['/screen/', '/static/', '/script/'];

self.addEventListener('install', (event) => {
  const files = ['/static/icon.svg', '/static/todoke.css', '/script/screen.css', '/script/screen.js'];
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(files)));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await kept.put(request.url, fresh.clone());
    if (fresh.status < 500) return fresh;
  } catch {
    // The network is gone: what was kept is given below.
  }
  const old = await kept.match(request.url);
  if (!old) return Response.error();
  const headers = new Headers(old.headers);
  headers.set('x-kept', 'yes');
  return new Response(old.body, { status: old.status, headers });
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === location.origin && OURS.some((one) => url.pathname.startsWith(one));
  if (event.request.method === 'GET' && isOurs) event.respondWith(answer(event.request));
});
