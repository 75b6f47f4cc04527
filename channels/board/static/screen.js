// Turns the notices of the screen one by one, and asks for newer ones; the worker keeps the last
// page for when the network is gone. Without this the page is a list that is loaded anew.
const TURN = 15_000;
const ASK = 60_000;
const pause = document.getElementById('pause');
const place = document.getElementById('place');
const still = matchMedia('(prefers-reduced-motion: reduce)');
let at = 0;
let goes = !still.matches;

const notices = () => [...document.querySelectorAll('article')];

function show() {
  const all = notices();
  at = all.length ? at % all.length : 0;
  // Where nothing moves, everything stands there to be read.
  all.forEach((one, number) => { one.hidden = goes && number !== at; });
  document.body.classList.toggle('turning', goes);
  place.hidden = !goes || all.length < 2;
  place.textContent = place.dataset.words.replace('{number}', at + 1).replace('{all}', all.length);
  pause.hidden = all.length < 2 && document.documentElement.scrollHeight <= innerHeight;
  pause.textContent = goes ? pause.dataset.pause : pause.dataset.go;
}

pause.addEventListener('click', () => { goes = !goes; show(); });
still.addEventListener('change', () => { goes = !still.matches; show(); });

// Nobody scrolls on a wall: what a notice has below the edge is shown before the next one is. A
// part of it begins at the top; one that is taller than the screen goes on by a screen.
function showsMore() {
  const cut = [...(notices()[at]?.children ?? [])].find(
    (one) => one.getBoundingClientRect().bottom > innerHeight + 1,
  );
  if (!cut) return false;
  const { top } = cut.getBoundingClientRect();
  const before = scrollY;
  scrollBy(0, top > 1 ? Math.floor(top) : innerHeight * 0.8);
  return scrollY > before;
}

setInterval(() => {
  if (!goes || showsMore()) return;
  at += 1;
  show();
  scrollTo(0, 0);
}, TURN);

async function renew() {
  const away = document.getElementById('away');
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.status);
    const kept = answer.headers.has('x-kept');
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const id of ['notices', 'as-of']) {
      document.getElementById(id).replaceWith(fresh.getElementById(id));
    }
    away.hidden = !kept;
  } catch {
    away.hidden = false;
  }
  show();
}

show();
addEventListener('load', show);
setInterval(renew, ASK);
addEventListener('online', renew);
addEventListener('offline', renew);

if ('serviceWorker' in navigator) {
  // The first page came before the worker was there to keep it: it is asked for once more.
  navigator.serviceWorker.addEventListener('controllerchange', renew);
  // Loaded again, it may be what the worker kept, which only the answer tells.
  if (navigator.serviceWorker.controller) renew();
  navigator.serviceWorker.register('/screen/worker.js', { scope: '/screen/' }).catch(() => {});
}
