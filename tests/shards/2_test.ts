import { loadShard } from "./load.ts";

await loadShard(import.meta.url);
