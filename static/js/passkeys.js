// Passkeys: asks the browser to make one or to sign with one, and sends the answer with the form.
(function () {
  "use strict";
  const decoded = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  function encoded(buffer) {
    const letters = [...new Uint8Array(buffer)].map((byte) => String.fromCharCode(byte)).join("");
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  const named = (credentials = []) => credentials.map((entry) => ({ ...entry, id: decoded(entry.id) }));

  function made(asked) {
    const user = { ...asked.user, id: decoded(asked.user.id) };
    const excludeCredentials = named(asked.excludeCredentials);
    const publicKey = { ...asked, user, excludeCredentials, challenge: decoded(asked.challenge) };
    return navigator.credentials.create({ publicKey });
  }

  function signed(asked) {
    const allowCredentials = named(asked.allowCredentials);
    const publicKey = { ...asked, allowCredentials, challenge: decoded(asked.challenge) };
    return navigator.credentials.get({ publicKey });
  }

  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

  // What the server reads: each buffer of the answer as text, and the rest as it is.
  function packed(credential) {
    const response = {};
    for (const part of PARTS) {
      if (credential.response[part]) response[part] = encoded(credential.response[part]);
    }
    const { id, type } = credential;
    const clientExtensionResults = credential.getClientExtensionResults();
    return JSON.stringify({ id, rawId: encoded(credential.rawId), type, response, clientExtensionResults });
  }

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
    return answer.json();
  }

  async function send(form) {
    const button = form.querySelector("[type=submit]");
    const trouble = form.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    button.disabled = true;
    try {
      const { publicKey } = await optionsOf(form);
      const ask = form.dataset.passkey === "create" ? made : signed;
      form.elements.credential.value = packed(await ask(publicKey));
      form.submit();
    } catch {
      trouble.textContent = form.dataset.cancelled;
      trouble.hidden = false;
    }
    button.disabled = false;
  }

  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (window.PublicKeyCredential) {
        send(form);
        return;
      }
      const trouble = form.querySelector("[data-passkey-trouble]");
      trouble.textContent = form.dataset.unsupported;
      trouble.hidden = false;
    });
  }
})();
