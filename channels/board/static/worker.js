// Keeps what the screen was last given, and gives it when the network is gone.
const KEPT = 'screen-1';
const PICTURES = '/screen/files/';
const OURS = ['/screen/', '/static/', '/script/'];

self.addEventListener('install', (event) => {
  const files = ['/static/icon.svg', '/static/todoke.css', '/script/screen.css', '/script/screen.js'];
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(files)));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// What was taken back stays on no monitor: its pictures go with the page that named them.
async function forgetOthers(kept, page) {
  const named = await page.text();
  for (const one of await kept.keys()) {
    const { pathname } = new URL(one.url);
    if (pathname.startsWith(PICTURES) && !named.includes(pathname)) await kept.delete(one);
  }
}

async function keep(kept, request, fresh) {
  await kept.put(request.url, fresh.clone());
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/screen/') && !pathname.startsWith(PICTURES)) {
    await forgetOthers(kept, fresh.clone());
  }
}

async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await keep(kept, request, fresh);
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
