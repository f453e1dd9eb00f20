"use strict";
(() => {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const at = (id) => document.getElementById(id);
  const form = at("form");
  const utf8 = new TextEncoder();
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const WIDTH = 64;
  const STEP = 256; // bytes; the block's length tells nothing about a password's

  const base32 = (bytes) => {
    let text = "", bits = 0, held = 0;
    for (const byte of bytes) {
      held = (held << 8 | byte) & 0xfff;
      for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[held >> (bits - 5) & 31];
    }
    return bits ? text + LETTERS[held << (5 - bits) & 31] : text;
  };

  const fromBase32 = (text) => {
    const bytes = [];
    let bits = 0, held = 0;
    for (const letter of text) {
      held = (held << 5 | LETTERS.indexOf(letter)) & 0xfff;
      if ((bits += 5) >= 8) bytes.push(held >> (bits -= 8) & 255);
    }
    return Uint8Array.from(bytes);
  };

  const bigEndian = (number, size) =>
    Uint8Array.from({length: size}, (_, i) => number >>> 8 * (size - 1 - i) & 255);

  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((start, part) => (all.set(part, start), start + part.length), 0);
    return all;
  };

  /** The bytes of vault/intake/envelope.py. */
  const seal = async (values) => {
    const crypt = crypto.subtle;
    const text = utf8.encode(JSON.stringify(values));
    const plain = new Uint8Array(Math.ceil(text.length / STEP) * STEP).fill(0x20);
    plain.set(text);
    const key = crypto.getRandomValues(new Uint8Array(32));
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const aes = await crypt.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
    const rsa = await crypt.importKey(
      "spki", Uint8Array.from(atob(facts.key), (c) => c.charCodeAt(0)),
      {name: "RSA-OAEP", hash: "SHA-256"}, false, ["encrypt"],
    );
    const wrapped = new Uint8Array(await crypt.encrypt({name: "RSA-OAEP"}, rsa, key));
    const bound = {name: "AES-GCM", iv: nonce, additionalData: utf8.encode(facts.context)};
    const sealed = new Uint8Array(await crypt.encrypt(bound, aes, plain));
    plain.fill(0);
    key.fill(0);
    return joined(
      fromBase32(facts.form), bigEndian(facts.version, 2), nonce, wrapped,
      bigEndian(sealed.length, 4), sealed,
    );
  };

  const armour = (bytes) => {
    const body = base32(bytes).match(new RegExp(`.{1,${WIDTH}}`, "g"));
    return [facts.begin, ...facts.headers, "", facts.mark, ...body, facts.end, ""].join("\n");
  };

  const inputs = () => [...form.querySelectorAll("[name]")];

  /** What was changed: facts against what stood there, secrets and the remark when filled in. */
  const filledIn = () => {
    const values = {};
    for (const input of inputs()) {
      const secret = input.dataset.secret !== undefined;
      const value = secret ? input.value : input.value.trim();
      if (value !== (input.dataset.known || "")) values[input.name] = value;
    }
    return values;
  };

  const complain = (text, name) => {
    at("problem").textContent = text;
    at("problem").hidden = false;
    if (name) form.elements[name].focus();
  };

  const isBadPort = (text) => text && !(/^\d{1,5}$/.test(text) && +text > 0 && +text < 65536);

  const goTo = (step) => document.querySelectorAll(".steps li").forEach((item, i) => {
    if (i === step) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });

  const show = (block) => {
    inputs().forEach((input) => { if (input.dataset.secret !== undefined) input.value = ""; });
    at("block").value = block;
    at("said").textContent = facts.words.again_help;
    form.hidden = true;
    at("result").hidden = false;
    goTo(2);
    at("done").focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    at("problem").hidden = true;
    const values = filledIn();
    if (isBadPort(values.port)) return complain(facts.words.bad_port, "port");
    if (!Object.keys(values).length) return complain(facts.words.nothing);
    if (facts.needs.length && !facts.needs.some((name) => values[name])) {
      return complain(facts.words.secrets_help_new, facts.needs[0]);
    }
    try {
      show(armour(await seal(values)));
    } catch {
      complain(facts.words.failed);
    }
  });

  form.addEventListener("click", ({target}) => {
    if (!target.matches("[data-shows]")) return;
    const input = at(target.dataset.shows);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    target.textContent = shown ? facts.words.hide : facts.words.show;
    target.setAttribute("aria-pressed", String(shown));
  });

  at("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(at("block").value);
      at("said").textContent = facts.words.copied;
    } catch {
      at("block").select();
      const copied = document.execCommand("copy");
      at("said").textContent = copied ? facts.words.copied : facts.words.copy_by_hand;
    }
  });

  at("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([at("block").value], {type: "text/plain"}));
    link.download = facts.file;
    link.click();
    URL.revokeObjectURL(link.href);
  });

  at("again").addEventListener("click", () => {
    at("result").hidden = true;
    form.hidden = false;
    goTo(0);
  });

  const stop = (text) => {
    at("alarm").textContent = text;
    at("alarm").hidden = false;
  };
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()];
  const iso = day.map((part) => String(part).padStart(2, "0")).join("-");
  if (!(window.crypto && crypto.subtle)) stop(facts.words.no_crypto);
  else if (iso > facts.until) stop(facts.words.expired);
  else form.hidden = false;
})();
