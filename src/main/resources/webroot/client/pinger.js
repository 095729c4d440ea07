// A ping message every X seconds, as RFC 6455 pings are out of a script's reach.

export class Pinger {
  #send;
  #timer;
  #pings = 0;
  #answers = 0;

  /** @param send sends one ping message */
  constructor(send) {
    this.#send = send;
  }

  start(seconds) {
    this.stop();
    this.#timer = setInterval(() => this.#send(`ping ${++this.#pings}`), seconds * 1000);
  }

  stop() {
    clearInterval(this.#timer);
  }

  reset() {
    this.#pings = 0;
    this.#answers = 0;
  }

  answered() {
    this.#answers++;
  }

  get summary() {
    return this.#pings === 0 ? '' : `${this.#pings} sent, ${this.#answers} answered`;
  }
}
