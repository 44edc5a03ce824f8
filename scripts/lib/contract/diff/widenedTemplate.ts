// Whether one URI template takes all that another one took.

const query = /\{([?&])([^{}]*)\}/g

/**
 * Why a client that fills in the old template is still understood, or undefined. Only query parts are looked at, since only
 * those may be left out (RFC 6570, 3.2.8); everything else must be the same text.
 */
export function widenedTemplate(before: string, after: string): string | undefined {
  const [old, now] = [partsOf(before), partsOf(after)]
  if (old.path !== now.path || old.mark !== now.mark) return undefined
  const lost = old.names.filter(name => !now.names.includes(name))
  return lost.length === 0 ? `What a client makes of it, ${JSON.stringify(after)} makes too.` : undefined
}

function partsOf(template: string): {path: string; names: string[]; mark: boolean} {
  const names = [...template.matchAll(query)].flatMap(([, , list = '']) => list.split(','))
  const path = template.replaceAll(query, '')
  return {path, names, mark: path.includes('?')}
}
