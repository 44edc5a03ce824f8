// Makes this process trust the authority that the fleet file names, so that both of our clients can open the ingress.
import {readFileSync} from 'node:fs'
import {getCACertificates, setDefaultCACertificates} from 'node:tls'
import type {InstanceIngress} from '../lib/target/instance.ts'

/** Nothing is done without `ingress.tls.authority`. What the machine trusts stays trusted. */
export function trustAuthority({tls}: InstanceIngress): void {
  if (tls?.authority === undefined) return
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(tls.authority, 'utf8')])
}
