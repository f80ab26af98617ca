// Whether the service can be reached: `service` tells when it cannot, and then it is tried until it is back.

const WAITS = [1, 2, 4, 8, 15]; // Seconds; the last is kept to.

// service: as makeService gives it. onChange(gone) is called when contact is lost and when it is back.
export function makeContact(service, onChange) {
  let timer = null;
  let tries = 0; // since the last reply: where something is there but never replies, it is asked less and less often

  function lost() {
    if (timer !== null) return;
    onChange(true);
    wait();
  }

  function wait() {
    timer = setTimeout(attempt, WAITS[Math.min(tries, WAITS.length - 1)] * 1000);
  }

  async function attempt() {
    tries += 1;
    const there = await service.answers();
    if (timer === null) return;
    if (there) back();
    else wait();
  }

  function found() {
    tries = 0;
    if (timer !== null) back();
  }

  function back() {
    stop();
    onChange(false);
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
  }

  return { lost, found, stop };
}
