/** A worker thread for openings: tasks in, flat arrays out. */
export { runOpeningTask as default } from '../services/opening-tasks.ts'
