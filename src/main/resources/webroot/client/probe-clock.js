// A worker that ticks. Browsers slow down the timers of a page in the background, but not those of a worker.

self.addEventListener('message', ({ data }) => setInterval(() => self.postMessage(null), data));
