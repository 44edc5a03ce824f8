// How a credential can be told from other text: by the name that it goes by, or by its own form.

/** A name that says that its value is secret. */
export const secretName = /(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|CREDENTIAL)/i

/** A value in the form of a well-known token, or an address with a password in it. */
export const tokenForm =
  /\b(sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abpr]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})\b|:\/\/[^/\s:@]+:[^/\s:@]+@/
