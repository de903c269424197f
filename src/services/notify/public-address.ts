/**
 * Which addresses a webhook may reach: a server that calls where strangers tell it to must not become their hand inside its own
 * network (server-side request forgery). Only what the special-purpose registries of IANA (RFC 6890) leave as globally reachable, and of IPv6
 * only what is given out (2000::/3), without the ranges that carry an IPv4 address inside. Loopback is an installation's own choice.
 */
import { BlockList, isIP } from 'node:net'
import { BonginError } from '../../domain/errors.ts'
import { MAX_WEBHOOK_URL_CHARS } from '../../domain/notification.ts'

const NOT_PUBLIC_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24',
  '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'
]
const GIVEN_OUT_V6 = '2000::/3'
/** Protocol assignments with Teredo and ORCHID, documentation, 6to4. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

function listOf (networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

const notPublicV4 = listOf(NOT_PUBLIC_V4, 'ipv4')
const givenOutV6 = listOf([GIVEN_OUT_V6], 'ipv6')
const notPublicV6 = listOf(NOT_PUBLIC_V6, 'ipv6')

/** Whether an IP address, without brackets, is a public one. Nothing else is. */
export function isPublicAddress (address: string): boolean {
  switch (isIP(address)) {
    case 4: return !notPublicV4.check(address, 'ipv4')
    case 6: return givenOutV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6')
    default: return false
  }
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** A host that is loopback by its own name, as the URL parser writes it: 2130706433 and 0x7f.1 have become 127.0.0.1 by then. */
export function isLoopbackHost (hostname: string): boolean {
  return LOOPBACK.has(hostname)
}

/** Without the brackets of an IPv6 address. */
export function bareHost (hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function refused (reason: string, detail: string, detailKo: string): BonginError {
  return new BonginError('webhook-refused', { field: '/url', detail, detailKo, extra: { reason } })
}

/**
 * A webhook's URL as it is kept. What its name resolves to is looked at with each call, not here.
 * @throws BonginError `webhook-refused` with a `reason`.
 */
export function checkWebhookUrl (text: string, { loopback }: { loopback: boolean }): URL {
  if (text.length > MAX_WEBHOOK_URL_CHARS || !URL.canParse(text)) throw refused('form', 'This is no URL.', 'URL 형식이 아닙니다.')
  const url = new URL(text)
  const isLoopback = loopback && isLoopbackHost(url.hostname)
  if (url.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:')) {
    throw refused('scheme', 'A webhook is called by https only.', '웹훅 주소는 https여야 합니다.')
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw refused('form', 'A webhook\'s URL has neither a user, a password nor a fragment.', '웹훅 주소에는 사용자 이름, 비밀번호, #을 넣을 수 없습니다.')
  }
  const address = bareHost(url.hostname)
  if (isLoopback || (isIP(address) === 0 ? isPublicName(address) : isPublicAddress(address))) return url
  throw refused('address', 'A webhook must be at a public address.', '웹훅은 공인 주소에만 둘 수 있습니다.')
}

/** A name with a dot that is none of those that never leave a network (RFC 6761, RFC 6762, RFC 9476). */
function isPublicName (name: string): boolean {
  const labels = name.replace(/\.$/, '').split('.')
  return labels.length > 1 && !['localhost', 'local', 'internal', 'alt', 'onion'].includes(labels.at(-1) ?? '')
}
