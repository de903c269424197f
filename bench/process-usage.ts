/** Processor time and memory of another process, from Linux's /proc; zeros elsewhere. */
import { readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

export function processUsage (pid: number | undefined): { cpuSeconds: number, memoryMb: number } {
  try {
    // Behind the name in brackets, which may hold spaces: field 14 and 15 are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    const memory = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, memoryMb: Number(memory) * 1024 / 1e6 }
  } catch {
    return { cpuSeconds: 0, memoryMb: 0 }
  }
}
