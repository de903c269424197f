/** What the host calls. Every function takes places in memory; the host keeps them apart (`src/crypto/opening-engine.ts`). */
export { agree, digitsAt, makeTable, setConstants, tableBytes } from './curve'
export { hpkeTemplatesAt, kemTemplatesAt, prepareKeySchedule, scheduleKeys } from './key-schedule'
export { openSeal } from './chacha20-poly1305'

/** Where memory is free. */
export function freeAt (): usize { return __heap_base }
