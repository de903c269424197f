/**
 * A key-management service as a command: `fake-kms.mjs FOLDER wrap|unwrap`. Its master key lies in FOLDER, where it also
 * writes down what it was asked with; the context is authenticated. Vault's transit engine behaves alike.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, verb] = process.argv.slice(2)
const input = readFileSync(0, 'utf8').trim()
const context = process.env.BONGIN_KEK_CONTEXT
const key = createHash('sha256').update(readFileSync(join(folder, 'master'))).digest()
appendFileSync(join(folder, 'calls'), `${JSON.stringify({ verb, context, args: process.argv.slice(3), env: process.env })}\n`)

if (verb === 'wrap') {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(Buffer.from(input, 'base64')), cipher.final()])
  console.log(`kms:v1:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}`)
} else {
  const bytes = Buffer.from(input.replace(/^kms:v1:/, ''), 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(12, 28))
  console.log(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('base64'))
}
