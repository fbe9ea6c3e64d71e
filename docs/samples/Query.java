import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Token by key, report of an event, published data page by page. JDK 11 or newer, nothing else: java Query.java
 *
 * From the environment: CBD_URL, CBD_CA, CBD_APP_CODE, CBD_KEY, CBD_SENDER_CODE, CBD_RESOURCE, CBD_TIME_RANGE
 * Perhaps also CBD_LANGUAGE: en or zh, the language of what the platform says
 */
public class Query {
    /** What the platform says: HTTP status and envelope. */
    static class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(int status, String body) {
            super("HTTP " + status + ", " + member(body, "statusCode") + " " + member(body, "message") + ", request "
                + member(body, "requestId") + faults(body));
        }

        /** Every fault on a line: where, its number, what would be right. */
        private static String faults(String body) {
            StringBuilder lines = new StringBuilder();
            Matcher fault = Pattern.compile("\\{\"pointer\":" + TEXT + ",\"statusCode\":(\\d+),\"message\":" + TEXT).matcher(body);
            while (fault.find()) {
                lines.append("\n  ").append(fault.group(1)).append(": ").append(fault.group(2)).append(" ").append(fault.group(3));
            }
            return lines.toString();
        }
    }

    /** A string of JSON. */
    private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final String LANGUAGE = System.getenv().getOrDefault("CBD_LANGUAGE", "en");

    private final String url;
    private final HttpClient client;
    private String token;

    Query(String url, String certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream file = Files.newInputStream(Path.of(certificate))) {
            store.setCertificateEntry("platform", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        this.url = url;
        this.client = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
    }

    /** First member of that name in the text, or null. Programs with a JSON library use that instead. */
    static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(-?\\d+))").matcher(json);
        return !found.find() ? null : found.group(1) != null ? found.group(1) : found.group(2);
    }

    static String setting(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            System.err.println("not set: " + name);
            System.exit(1);
        }
        return value;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The reply; waits and asks again while the platform is busy. A null body is a GET. */
    String call(String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json")
            .header("Accept-Language", LANGUAGE);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        for (int tries = 1;; tries++) {
            HttpResponse<String> reply = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            int status = reply.statusCode();
            if (status == 200) {
                return reply.body();
            }
            if (tries == 4 || status != 429 && status != 503 && status != 504) {
                throw new Refused(status, reply.body());
            }
            Thread.sleep(1000L * Integer.parseInt(reply.headers().firstValue("Retry-After").orElse("1")));
        }
    }

    void authorise(String appCode, String key) throws Exception {
        String code = call("/api/v1/auth/code", "{\"appCode\":\"" + appCode + "\",\"method\":\"key\",\"key\":\"" + key + "\"}");
        String reply = call("/api/v1/auth/token", "{\"appCode\":\"" + appCode + "\",\"authCode\":\"" + member(code, "authCode") + "\"}");
        token = member(reply, "accessToken");
        System.out.println("token: " + member(reply, "expiresIn") + " s");
    }

    /**
     * A report as table A.4 asks for it: X and Y of the business plane, longitude and latitude of the online map.
     * Sent again, it gets the same answer.
     */
    void report(String sender) throws Exception {
        String event = "{\"eventDesc\":\"路灯不亮\",\"otherTaskNum\":\"SAMPLE-JAVA-" + System.nanoTime() + "\",\"address\":\"景山前街4号\","
            + "\"coordinateX\":448463.732,\"coordinateY\":4421118.659,\"lontitude\":116.403414,\"latitude\":39.924091,"
            + "\"eventSrcID\":1,\"recTypeID\":1,\"eventLevelID\":1,\"eventTypeCode\":\"6\",\"mainTypeCode\":\"602\","
            + "\"subTypeCode\":\"60201\",\"createTime\":\"" + System.currentTimeMillis() / 1000 + "\"}";
        String reply = call("/api/v1/events", "{\"senderCode\":\"" + sender + "\",\"actionType\":\"UP_REC_REPORT\",\"data\":" + event + "}");
        System.out.println("event: " + member(reply, "taskNum"));
    }

    /** From cursor to cursor. */
    void read(String resource, String timeRange) throws Exception {
        String query = "/api/v1/data/" + resource + "?pageSize=100&timeRange=" + encode(timeRange);
        String cursor = null;
        int pages = 0;
        do {
            cursor = member(call(cursor == null ? query : query + "&cursor=" + encode(cursor), null), "nextCursor");
            pages++;
        } while (cursor != null);
        System.out.println("data: " + pages + " pages");
    }

    public static void main(String[] arguments) throws Exception {
        String appCode = setting("CBD_APP_CODE"), key = setting("CBD_KEY"), sender = setting("CBD_SENDER_CODE");
        String resource = setting("CBD_RESOURCE"), timeRange = setting("CBD_TIME_RANGE");
        Query platform = new Query(setting("CBD_URL"), setting("CBD_CA"));
        try {
            platform.authorise(appCode, key);
            platform.report(sender);
            platform.read(resource, timeRange);
        } catch (Refused refused) {
            System.err.println("refused: " + refused.getMessage());
            System.exit(1);
        }
        // a refusal names every fault
        try {
            platform.call("/api/v1/data/" + resource + "?pageSize=0", null);
        } catch (Refused refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }
}
