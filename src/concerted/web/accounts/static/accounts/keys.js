// Security keys: asks the browser for one and sends what it says with the form. Without this file codes work.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withIds = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const asked = (options) => {
    const wanted = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (wanted.user) wanted.user = { ...wanted.user, id: bytes(wanted.user.id) };
    if (wanted.excludeCredentials) wanted.excludeCredentials = withIds(wanted.excludeCredentials);
    if (wanted.allowCredentials) wanted.allowCredentials = withIds(wanted.allowCredentials);
    return { publicKey: wanted };
  };
  const told = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };
  for (const form of document.querySelectorAll("form[data-key]")) {
    const data = JSON.parse(form.dataset.options);
    const button = form.querySelector("[data-key-start]");
    const failed = form.querySelector("[data-key-failed]");
    button.addEventListener("click", async () => {
      failed.hidden = true;
      try {
        const credential = form.dataset.key === "create"
          ? await navigator.credentials.create(asked(data.creation_options))
          : await navigator.credentials.get(asked(data.request_options));
        form.querySelector("[name=credential]").value = JSON.stringify(told(credential));
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
