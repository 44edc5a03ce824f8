// Follows `$ref` within its document. Nothing is ever fetched.
import type {Json} from '../surface.ts'
import {nodeOf, type SchemaDocument, type SchemaNode} from './document.ts'
import {isObject, ownMember} from './ownMember.ts'

// Beside `$ref`, these say nothing about a value.
const silent = new Set(['$ref', '$comment', '$defs', 'definitions', '$schema', 'title', 'description'])

/** One hop: what the node's `$ref` names, or undefined where it is elsewhere, missing or no text. */
export function resolveReference(node: SchemaNode): SchemaNode | undefined {
  const reference = isObject(node.schema) ? ownMember(node.schema, '$ref') : undefined
  if (typeof reference !== 'string' || node.foreign) return undefined
  const {references} = node.document
  if (!references.has(reference)) references.set(reference, find(node.document, reference))
  return references.get(reference)
}

/**
 * What the node's `$ref` finally names: a schema that says more than another `$ref`. Undefined where the way leads out of
 * the document, or round in a circle.
 */
export function resolveFully(node: SchemaNode): SchemaNode | undefined {
  const passed = new Set<SchemaNode>()
  let at = resolveReference(node)
  while (at !== undefined && isOnlyReference(at)) {
    if (passed.has(at)) return undefined
    passed.add(at)
    at = resolveReference(at)
  }
  // The next question about a place on this way begins at its end.
  const end = at
  if (end !== undefined)
    for (const place of passed)
      if (isObject(place.schema)) place.document.references.set(String(ownMember(place.schema, '$ref')), end)
  return end
}

function isOnlyReference({schema, document}: SchemaNode): boolean {
  if (!isObject(schema) || !Object.hasOwn(schema, '$ref')) return false
  return document.dialect === 'draft-07' || Object.keys(schema).every(key => silent.has(key))
}

function find(document: SchemaDocument, reference: string): SchemaNode | undefined {
  const {root} = document
  const id = isObject(root) ? ownMember(root, '$id') : undefined
  const local =
    typeof id === 'string' && id !== '' && reference.startsWith(id.replace(/#$/, ''))
      ? reference.slice(id.replace(/#$/, '').length)
      : reference
  if (local === '' || local === '#') return nodeOf(document, root)
  if (!local.startsWith('#')) return undefined
  if (local.startsWith('#/')) return atPointer(document, local.slice(2))
  const anchored = anchorsOf(document).get(local.slice(1))
  return anchored === undefined ? undefined : nodeOf(document, anchored)
}

function atPointer(document: SchemaDocument, pointer: string): SchemaNode | undefined {
  let at: Json | undefined = document.root
  let foreign = false
  for (const step of decoded(pointer).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(name) ? at[Number(name)] : undefined
    else at = isObject(at) ? ownMember(at, name) : undefined
    if (at === undefined) return undefined
    if (isObject(at) && typeof ownMember(at, '$id') === 'string') foreign = true
  }
  return nodeOf(document, at, foreign)
}

function decoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer)
  } catch {
    // The pointer of a server: what is no escape stands for itself.
    return pointer
  }
}

function anchorsOf(document: SchemaDocument): Map<string, Json> {
  if (document.anchors !== undefined) return document.anchors
  const anchors = new Map<string, Json>()
  const work: Json[] = [document.root]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (Array.isArray(at)) work.push(...at.filter(item => item !== null && typeof item === 'object'))
    if (!isObject(at)) continue
    const id = ownMember(at, '$id')
    for (const anchor of [ownMember(at, '$anchor'), typeof id === 'string' && id.startsWith('#') ? id.slice(1) : null])
      if (typeof anchor === 'string' && !anchors.has(anchor)) anchors.set(anchor, at)
    // A nested `$id` begins a document of its own, and data is no schema.
    for (const [key, member] of Object.entries(at))
      if (!['const', 'enum', 'default', 'examples'].includes(key) && typeof member === 'object' && member !== null)
        if (!(isObject(member) && /^[^#]/.test(String(ownMember(member, '$id') ?? '#')))) work.push(member)
  }
  document.anchors = anchors
  return anchors
}
