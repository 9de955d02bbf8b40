import type { RootReadings } from "../../../../fingerprint/programs/mod.ts";
import { Outcome } from "../../../../fingerprint/programs/root_readings.ts";

let answered = 0;

/** Nobody reads other roots: whatever is asked about has gone. */
export const NO_READINGS: RootReadings = {
  ask: (_, answer) => {
    new Int32Array(answer, 0, 1)[0] = Outcome.Gone;
    answered++;
  },
  get answered(): number {
    return answered;
  },
  wait: () => {},
};
