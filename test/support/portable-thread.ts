/** A thread for openings as on a machine that has no native module. */
process.env['BONGIN_NATIVE'] = 'off'
const { runOpeningTask } = await import('../../src/services/opening-tasks.ts')
export default runOpeningTask
