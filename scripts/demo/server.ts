/** Starts the real server as a process of its own, on a free loopback port, with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const START_TIMEOUT_MS = 60_000
const MAIN = new URL('../../src/main.ts', import.meta.url).pathname

export interface DemoServer { baseUrl: string, readonly firstOfficerCode: string, process: ChildProcess, stop: () => Promise<void> }

/** @param settings environment besides the demo's own; `program` another server's file, for comparison. */
export async function startServer (dataDir: string, settings: NodeJS.ProcessEnv = {}, program = MAIN): Promise<DemoServer> {
  const child = spawn(process.execPath, [program], {
    // Closing times on the second rather than on the hour: nobody wants to watch a demo for an hour.
    env: { ...process.env, BONGIN_DATA_DIR: dataDir, BONGIN_PORT: '0', BONGIN_SCHEDULE_STEP_SECONDS: '1', BONGIN_LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const baseUrl = await addressOf(child)
  return {
    baseUrl,
    get firstOfficerCode () { return readFileSync(join(dataDir, 'first-officer.code'), 'utf8').trim() },
    process: child,
    stop: async () => {
      if (child.exitCode !== null) return
      const ended = new Promise((resolve) => { child.once('exit', resolve) })
      child.kill('SIGTERM')
      await ended
    }
  }
}

/** The address stands in the server's own log. */
async function addressOf (child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error('the server did not start in time')) }, START_TIMEOUT_MS)
    child.once('exit', (code) => { reject(new Error(`the server ended with ${code ?? 'a signal'}`)) })
    if (child.stdout === null) { reject(new Error('the server has no output')); return }
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { address, level, msg } = JSON.parse(line) as { address?: string, level: number, msg: string }
      if (level >= 50) console.error(`server: ${msg}`)
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
  })
}
