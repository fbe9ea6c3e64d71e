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
 */
public class Query {
    /** What the platform says: HTTP status and envelope. */
    static class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(int status, String body) {
            super("HTTP " + status + ", " + member(body, "statusCode") + " " + member(body, "message") + ", request " + member(body, "requestId"));
        }
    }

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

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The reply; waits and asks again while the platform is busy. A null body is a GET. */
    String call(String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
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

    /** Sent again, a report gets the same answer. */
    void report(String sender) throws Exception {
        String event = "{\"eventDesc\":\"路灯不亮\",\"otherTaskNum\":\"SAMPLE-JAVA-" + System.nanoTime() + "\",\"address\":\"景山前街4号\","
            + "\"eventSrcID\":1,\"recTypeID\":1,\"eventLevelID\":1,\"eventTypeCode\":\"6\",\"mainTypeCode\":\"602\",\"subTypeCode\":\"60201\","
            + "\"lontitude\":116.403414,\"latitude\":39.924091,\"createTime\":\"" + System.currentTimeMillis() / 1000 + "\"}";
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
        String resource = System.getenv("CBD_RESOURCE");
        Query platform = new Query(System.getenv("CBD_URL"), System.getenv("CBD_CA"));
        platform.authorise(System.getenv("CBD_APP_CODE"), System.getenv("CBD_KEY"));
        platform.report(System.getenv("CBD_SENDER_CODE"));
        platform.read(resource, System.getenv("CBD_TIME_RANGE"));
        try {
            platform.call("/api/v1/data/" + resource + "?pageSize=0", null);
        } catch (Refused refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }
}
