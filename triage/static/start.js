// Runs before the page is drawn: says that scripts work, so that govuk-frontend's styles for them apply.
document.body.className += " js-enabled" +
  ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
