// Prints the headers that sign a request: java sign.java METHOD TARGET [BODY-FILE]
//
// CBD_APP_CODE and CBD_SIGNING_SECRET are the application's; CBD_SIGNATURE_METHOD is HMAC-SHA256 (default) or HMAC-SM3.
// The JDK has no SM3: for HMAC-SM3 put a provider that has it (Bouncy Castle) into java.security. Java 11 or newer.
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Sign {
    /** A name or value decoded and encoded again. */
    static String encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '+') {
                bytes.write(' ');
            } else if (raw[i] == '%') {
                bytes.write(Integer.parseInt(new String(raw, i + 1, 2, StandardCharsets.US_ASCII), 16));
                i += 2;
            } else {
                bytes.write(raw[i]);
            }
        }
        StringBuilder out = new StringBuilder();
        for (byte b : bytes.toByteArray()) {
            boolean kept = b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || "-._~".indexOf(b) >= 0;
            out.append(kept ? String.valueOf((char) b) : String.format("%%%02X", b & 0xFF));
        }
        return out.toString();
    }

    static String canonicalQuery(String query) {
        List<String[]> pairs = new ArrayList<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                pairs.add(new String[] {encode(name), encode(equals < 0 ? "" : pair.substring(equals + 1))});
            }
        }
        pairs.sort(Comparator.<String[], String>comparing(p -> p[0]).thenComparing(p -> p[1]));
        return pairs.stream().map(p -> p[0] + "=" + p[1]).collect(Collectors.joining("&"));
    }

    /** The five headers; target is the path with its query, body the bytes that are sent. */
    static Map<String, String> sign(String appCode, String secret, String method, String target, byte[] body,
                                    String algorithm, String timestamp, String nonce) throws GeneralSecurityException {
        boolean sm3 = algorithm.equals("HMAC-SM3");
        int question = target.indexOf('?');
        StringBuilder digest = new StringBuilder();
        for (byte b : MessageDigest.getInstance(sm3 ? "SM3" : "SHA-256").digest(body)) {
            digest.append(String.format("%02x", b & 0xFF));
        }
        String canonical = String.join("\n", method, question < 0 ? target : target.substring(0, question),
            canonicalQuery(question < 0 ? "" : target.substring(question + 1)), digest, timestamp, nonce);
        Mac mac = Mac.getInstance(sm3 ? "HmacSM3" : "HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "RAW"));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-App-Code", appCode);
        headers.put("X-Timestamp", timestamp);
        headers.put("X-Nonce", nonce);
        headers.put("X-Signature-Method", algorithm);
        headers.put("X-Signature", Base64.getEncoder().encodeToString(mac.doFinal(canonical.getBytes(StandardCharsets.US_ASCII))));
        return headers;
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }

    public static void main(String[] args) throws Exception {
        byte[] body = args.length > 2 ? Files.readAllBytes(Path.of(args[2])) : new byte[0];
        String now = String.valueOf(System.currentTimeMillis() / 1000);
        sign(System.getenv("CBD_APP_CODE"), System.getenv("CBD_SIGNING_SECRET"), args[0], args[1], body,
             setting("CBD_SIGNATURE_METHOD", "HMAC-SHA256"), setting("CBD_TIMESTAMP", now),
             setting("CBD_NONCE", UUID.randomUUID().toString()))
            .forEach((name, value) -> System.out.println(name + ": " + value));
    }
}
