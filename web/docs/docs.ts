// Set by swagger-ui-bundle.js, which the page loads first.
declare const SwaggerUIBundle: (options: Record<string, unknown>) => void

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  // Swagger UI would otherwise send the description to a validator on the internet.
  validatorUrl: null,
})
