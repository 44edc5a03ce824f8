// Looks at the certificate that an ingress shows: whether it is trusted, for which names, and until when.
import {readFileSync} from 'node:fs'
import {connect, type PeerCertificate} from 'node:tls'
import type {InstanceIngress} from '../lib/target/instance.ts'
import type {Check} from './phase.ts'

export interface CertificateSeen {
  /** Undefined when the connection could not be made. */
  validTo: string | undefined
  daysLeft: number | undefined
  minimumDays: number
  names: string
  hostCovered: boolean
  /** Why it is not trusted, in OpenSSL's words; undefined when it is. */
  untrusted: string | undefined
  fault: string | undefined
}

const connectWithinMs = 5000

/** Undefined when the ingress speaks plain HTTP. Never throws for what the ingress does. */
export function seeCertificate(ingress: InstanceIngress): Promise<CertificateSeen | undefined> {
  if (ingress.tls === undefined) return Promise.resolve(undefined)
  const {minimumDays, authority} = ingress.tls
  const servername = new URL(ingress.url).hostname
  return new Promise(resolve => {
    const none = {
      validTo: undefined,
      daysLeft: undefined,
      minimumDays,
      names: '',
      hostCovered: false,
      untrusted: undefined,
    }
    const end = (seen: CertificateSeen) => {
      socket.destroy()
      resolve(seen)
    }
    // What is wrong is to be told, not thrown: the connection is made whatever the certificate says.
    const socket = connect(
      {
        host: ingress.host,
        port: ingress.port,
        servername,
        rejectUnauthorized: false,
        ca: authority && readFileSync(authority),
      },
      () => {
        const certificate = socket.getPeerCertificate()
        end({
          ...read(certificate),
          minimumDays,
          hostCovered: covers(certificate, servername),
          untrusted: socket.authorized ? undefined : String(socket.authorizationError),
          fault: undefined,
        })
      },
    )
    socket.setTimeout(connectWithinMs, () => end({...none, fault: `no TLS handshake within ${connectWithinMs} ms`}))
    socket.on('error', error => end({...none, fault: error.message}))
  })
}

function read({valid_to, subjectaltname}: PeerCertificate) {
  const daysLeft = Math.floor((Date.parse(valid_to) - Date.now()) / 86_400_000)
  return {validTo: new Date(valid_to).toISOString(), daysLeft, names: subjectaltname ?? ''}
}

function covers({subjectaltname}: PeerCertificate, host: string): boolean {
  const names = (subjectaltname ?? '').split(', ').map(entry => entry.replace(/^(DNS|IP Address):/, ''))
  return names.some(
    name => name === host || (name.startsWith('*.') && host.split('.').slice(1).join('.') === name.slice(2)),
  )
}

/** A1: TLS validity, expiry and host name. */
export function judgeCertificate(seen: CertificateSeen | undefined): Check[] {
  if (seen === undefined)
    return [
      {
        name: 'tls',
        verdict: 'skip',
        detail: 'the ingress speaks plain HTTP on loopback: the fleet file sets no ingress.tls',
      },
    ]
  const {fault, untrusted, daysLeft, validTo, minimumDays, names, hostCovered} = seen
  if (fault !== undefined || daysLeft === undefined)
    return [
      {
        name: 'tls',
        verdict: 'fail',
        detail: `no certificate was seen: ${fault}`,
        remedy: 'see the log of the ingress: pnpm logs ingress',
      },
    ]
  const late = daysLeft < minimumDays
  return [
    {
      name: 'tls',
      verdict: untrusted === undefined ? 'pass' : 'fail',
      detail: untrusted === undefined ? 'the certificate is trusted' : `the certificate is not trusted: ${untrusted}`,
      remedy:
        untrusted && 'give the whole chain in ingress.tls.certificate, or name the authority in ingress.tls.authority',
    },
    {
      name: 'tls-expiry',
      verdict: late ? 'fail' : 'pass',
      detail: `valid until ${validTo}, ${daysLeft} days`,
      value: daysLeft,
      limit: minimumDays,
      unit: 'days',
      remedy: late ? 'renew the certificate' : undefined,
    },
    {
      name: 'tls-host',
      verdict: hostCovered ? 'pass' : 'fail',
      detail: hostCovered ? `covers the host (${names})` : `does not cover the host; it names ${names || 'nothing'}`,
      remedy: hostCovered ? undefined : 'issue it for the first name in ingress.hosts',
    },
  ]
}
