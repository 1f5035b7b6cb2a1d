// Says some minutes before a session ends that it will, and offers to stay signed in. The page works without it: what
// is sent after the end is carried over the sign-in. What is typed stays where it is.
(() => {
  "use strict";

  const dialog = document.getElementById("timeout");
  if (!dialog || !window.fetch || !dialog.showModal) return;

  const title = document.getElementById("timeout-title");
  const words = document.getElementById("timeout-words");
  const form = dialog.querySelector("form");
  const stay = dialog.querySelector("[data-stay]");
  const warned = Number(dialog.dataset.warned);
  const AT_LEAST = 5;
  let timer = 0;

  const again = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(seconds, AT_LEAST) * 1000);
  };

  function say(heading, text, canStay) {
    title.textContent = heading;
    words.textContent = text;
    stay.hidden = !canStay;
    if (!dialog.open) dialog.showModal();
  }

  function warn(left) {
    const at = new Date(Date.now() + left.seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const why = left.can_stay
      ? "because nothing was done for a while. What you typed stays on this page."
      : "because a session lasts for a working day. Save what you have typed before that.";
    say("You will soon be signed out", `You will be signed out at ${at}, ${why}`, left.can_stay);
    again(left.seconds + 1);
  }

  const ended = () =>
    say(
      "You have been signed out",
      "What you typed stays on this page. Send it as always: you will be asked to sign in, and it is shown again as you typed it.",
      false,
    );

  function heed(left) {
    if (left.seconds > warned) {
      if (dialog.open) dialog.close();
      again(left.seconds - warned);
    } else {
      warn(left);
    }
  }

  // Another tab may have kept the session alive: the server knows.
  async function look() {
    try {
      const response = await fetch(dialog.dataset.left, { headers: { Accept: "application/json" } });
      if (response.status === 401) return ended();
      if (response.ok) heed(await response.json());
      else again(warned / 2);
    } catch {
      again(warned / 2); // no connection: nothing can be said
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (response.status === 401) return ended();
      if (!response.ok) return;
      dialog.close();
      heed(await response.json());
    } catch {
      words.textContent = "There is no connection at the moment. Try again.";
    }
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  timer = setTimeout(look, Number(dialog.dataset.first) * 1000);
})();
