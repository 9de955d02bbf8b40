/**
 * Certificates for the tests, made by openssl.
 *
 * @module
 */

/** A self-signed certificate for 127.0.0.1, ::1 and localhost in `folder`: `NAME.crt` and `NAME.key`. */
export async function makeCertificate(folder: string, name: string): Promise<{ cert: string; key: string }> {
  const cert = `${folder}/${name}.crt`, key = `${folder}/${name}.key`;
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-keyout", key, "-out", cert],
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot make a certificate: ${new TextDecoder().decode(stderr)}`);
  return { cert, key };
}
