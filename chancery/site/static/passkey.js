// Passkeys: a button with data-passkey speaks WebAuthn through allauth's scripts. Without them it stays hidden.
(() => {
  const forms = window.PublicKeyCredential && window.allauth?.webauthn.forms
  if (!forms) return
  for (const button of document.querySelectorAll('[data-passkey]')) {
    const ids = { credential: button.dataset.credential }
    if (document.getElementById('js_data')) ids.data = 'js_data'
    if (document.getElementById('id_passwordless')) ids.passwordless = 'id_passwordless'
    ids.add = ids.login = ids.authenticate = button.id
    forms[button.dataset.passkey]({ ids })
    button.closest('[hidden]')?.removeAttribute('hidden')
  }
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    document.getElementById('passkey-failed')?.removeAttribute('hidden')
  })
})()
