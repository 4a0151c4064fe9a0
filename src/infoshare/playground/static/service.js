// The page's side of a worker: questions to infoshare, each answered by a promise.

export class Service {
  #worker;
  #waiting = new Map();
  #next = 1;
  #written = null;

  constructor() {
    // A worker of a blob is bound by the policy of this page, which lets it reach nothing but its own files; a
    // worker of a file would be bound only by what the server sends with that file.
    const start = `import(${JSON.stringify(new URL("worker.js", import.meta.url).href)})`
      + `.catch((error) => postMessage({ broken: String(error) }));`;
    const address = URL.createObjectURL(new Blob([start], { type: "text/javascript" }));
    this.#worker = new Worker(address, { type: "module" });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        else if (data.broken) reject(new Error(data.broken));
        else this.#answered(data);
      };
      this.#worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    });
  }

  #answered({ id, answer, error }) {
    const [resolve, reject] = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) resolve(JSON.parse(answer));
    else reject(new Error(error));
  }

  async ask(what, with_ = {}) {
    await this.ready;
    const id = this.#next++;
    const asked = new Promise((resolve, reject) => this.#waiting.set(id, [resolve, reject]));
    this.#worker.postMessage({ id, question: JSON.stringify({ ask: what, with: with_ }) });
    return asked;
  }

  // Asks about texts; they are sent along where they are not those that the worker has.
  async about(state, what, with_ = {}) {
    await this.ready;
    const written = this.#written;
    if (written?.texts !== state.texts || written?.today !== state.today || written?.began !== state.began) {
      this.#written = { texts: state.texts, today: state.today, began: state.began };
      if (written?.began !== state.began) this.ask("begin", { texts: state.began });
      this.ask("write", { texts: state.texts, today: state.today });
    }
    return this.ask(what, with_);
  }
}

// Begun before the page itself is read: Python starts while the editor is drawn.
export const quick = new Service();

// Does one thing at a time, and only the latest of what is asked for meanwhile.
export function latest(work) {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await work(() => again);
      }
    } finally {
      running = false;
    }
  };
}

export function afterPause(milliseconds, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}
