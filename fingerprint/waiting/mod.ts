/**
 * Waiting for what may take too long.
 *
 * @module
 */

/** The longest time of a timer: more is taken for none (HTML standard, 8.7). */
const LONGEST_MS = 2 ** 31 - 1;

/** What a promise gives, or undefined where so many milliseconds are over before. Rejects as the promise does. */
export async function waitFor<Value>(promise: PromiseLike<Value>, milliseconds: number): Promise<Value | undefined> {
  const late = Promise.withResolvers<undefined>();
  let timer: ReturnType<typeof setTimeout>;
  const wait = (leftMs: number) => {
    const isLonger = leftMs > LONGEST_MS;
    timer = setTimeout(
      () => isLonger ? wait(leftMs - LONGEST_MS) : late.resolve(undefined),
      Math.min(leftMs, LONGEST_MS),
    );
  };
  wait(milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer!);
  }
}
