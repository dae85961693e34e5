// A Lambda function on AWS's own runtime client: it does what the path says.

// In the family of the event. Without multi-value headers the last value of a name stays.
function answer(event, body, { headers = [], status = 200, encoded = false } = {}) {
  const result = { statusCode: status, statusDescription: `${status} As Asked`, isBase64Encoded: encoded, body };
  const family = event.multiValueHeaders ? "multiValueHeaders" : "headers";
  result[family] = {};
  for (const [name, value] of [["content-type", "text/plain; charset=utf-8"], ...headers]) {
    if (family === "headers") result.headers[name] = value;
    else (result.multiValueHeaders[name] ??= []).push(value);
  }
  return result;
}

exports.handler = async (event) => {
  switch (event.path) {
    case "/raise":
      throw new TypeError("no idea");
    case "/sleep":
      await new Promise((done) => setTimeout(done, 30_000));
      break;
    case "/large":
      return answer(event, "x".repeat(900_000));
    case "/too-large":
      return answer(event, "x".repeat(1_100_000));
    case "/cookies":
      return answer(event, "", { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] });
    case "/back":
      return answer(event, event.body, { encoded: event.isBase64Encoded });
    case "/bytes":
      return answer(event, Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)).toString("base64"), { encoded: true });
    case "/broken":
      return { statusCode: "200" };
  }
  return answer(event, JSON.stringify(event), { status: 201 });
};
