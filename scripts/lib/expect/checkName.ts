// The id of a declared call's check, from its title in the fleet file.

/** "Reads a file" becomes `reads-a-file`. */
export function checkName(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'call'
  )
}
