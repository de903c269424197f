#!/usr/bin/env node
/*
 * The `bin`: starts src/cli/bongin.ts on Node 24, which runs TypeScript itself. An older Node that runs this file looks
 * for the Node 24 that `npm ci` has put into node_modules. Plain CommonJS in old syntax, so that any Node can read it.
 */
'use strict'
const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const path = require('node:path')

const NEEDED_MAJOR = 24
const root = path.join(__dirname, '..')

function findNode () {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  for (const folder of [root, path.join(root, '..', '..')]) {
    const candidate = path.join(folder, 'node_modules', 'node', 'bin', file)
    if (existsSync(candidate)) return candidate
  }
  return null
}

const node = findNode()
if (node === null) {
  console.error(`bongin needs Node ${NEEDED_MAJOR} or later; this is ${process.version}, and there is none in node_modules (run: npm ci).`)
  process.exit(4)
}

const child = spawn(node, ['--disable-warning=ExperimentalWarning', path.join(root, 'src', 'cli', 'bongin.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })

// A terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
for (const signal of SIGNALS) process.on(signal, () => { if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal) })

child.on('error', (error) => {
  console.error(`bongin cannot be started: ${error.message}`)
  process.exit(4)
})
child.on('exit', (code, signal) => {
  if (signal === null) {
    process.exit(code === null ? 4 : code)
    return
  }
  // End as the child did, so that a shell sees the signal.
  for (const name of SIGNALS) process.removeAllListeners(name)
  process.kill(process.pid, signal)
})
