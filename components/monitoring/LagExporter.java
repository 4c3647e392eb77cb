import com.sun.net.httpserver.HttpServer;
import java.io.FileReader;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each consumer group is behind in each topic, for Prometheus at /metrics: in records, and in the seconds for which
 * there has been one that it has not committed. Since when that is, it knows from the end offsets that it has seen itself:
 * to the period of its requests, and back to its own start at most. It needs Describe on topics and groups, no more.
 *
 * Arguments: a file of client properties, a port, and the seconds from one request to the next.
 */
public final class LagExporter {
    /** Longest wait for one answer, ms. */
    private static final int TIME_LIMIT = 10_000;
    /** After so many periods without an answer there are no metrics rather than old ones. */
    private static final int LAST_FOR = 4;

    private record Lag(long records, long seconds) {
        /** Of two partitions of a topic together. */
        Lag with(Lag other) {
            return new Lag(records + other.records, Math.max(seconds, other.seconds));
        }
    }

    private record Consumed(String group, String topic) implements Comparable<Consumed> {
        @Override
        public int compareTo(Consumed other) {
            int byGroup = group.compareTo(other.group);
            return byGroup == 0 ? topic.compareTo(other.topic) : byGroup;
        }
    }

    private record Answer(long time, String text) {}

    private static volatile Answer last = new Answer(Long.MIN_VALUE / 2, "");

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (Reader file = new FileReader(arguments[0], StandardCharsets.UTF_8)) {
            properties.load(file);
        }
        properties.put("client.id", "lag-exporter");
        properties.put("request.timeout.ms", TIME_LIMIT);
        properties.put("default.api.timeout.ms", TIME_LIMIT);
        long period = TimeUnit.SECONDS.toMillis(Long.parseLong(arguments[2]));
        serve(Integer.parseInt(arguments[1]), LAST_FOR * period);
        Map<TopicPartition, History> histories = new HashMap<>();
        try (Admin admin = Admin.create(properties)) {
            while (true) {
                try {
                    last = new Answer(now(), textOf(read(admin, histories)));
                } catch (ExecutionException | TimeoutException error) {
                    System.out.println(Instant.now() + " ERROR Kafka does not answer: " + error);
                }
                Thread.sleep(period);
            }
        } finally {
            // The threads of the server would keep the process.
            System.exit(1);
        }
    }

    private static void serve(int port, long lastFor) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/metrics", exchange -> {
            Answer answer = last;
            boolean isOld = now() - answer.time > lastFor;
            byte[] body = (isOld ? "Kafka does not answer\n" : answer.text).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(isOld ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** Without topics of which a partition has no leader: a part of their records would look as if a group had caught up. */
    private static Map<Consumed, Lag> read(Admin admin, Map<TopicPartition, History> histories)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = admin.listConsumerGroups().all()
            .get(TIME_LIMIT, TimeUnit.MILLISECONDS).stream()
            .collect(Collectors.toMap(ConsumerGroupListing::groupId, group -> new ListConsumerGroupOffsetsSpec()));
        // Before the end offsets: no record may have been committed that is not among them.
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
            admin.listConsumerGroupOffsets(groups).all().get(TIME_LIMIT, TimeUnit.MILLISECONDS);
        Set<TopicPartition> partitions =
            committed.values().stream().flatMap(offsets -> offsets.keySet().stream()).collect(Collectors.toSet());
        histories.keySet().retainAll(partitions);
        ListOffsetsResult ends = admin.listOffsets(
            partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())));
        Set<TopicPartition> unknown = new HashSet<>();
        for (TopicPartition partition : partitions) {
            try {
                long end = ends.partitionResult(partition).get(TIME_LIMIT, TimeUnit.MILLISECONDS).offset();
                histories.computeIfAbsent(partition, key -> new History()).add(now(), end);
            } catch (ExecutionException error) {
                unknown.add(partition);
                System.out.println(Instant.now() + " WARN " + partition + ": " + error.getCause());
            }
        }
        Map<Consumed, Lag> lags = new TreeMap<>();
        Set<Consumed> incomplete = new HashSet<>();
        committed.forEach((group, offsets) -> offsets.forEach((partition, offset) -> {
            Consumed consumed = new Consumed(group, partition.topic());
            if (unknown.contains(partition)) {
                incomplete.add(consumed);
            } else if (offset != null) {
                lags.merge(consumed, histories.get(partition).lag(offset.offset(), now()), Lag::with);
            }
        }));
        lags.keySet().removeAll(incomplete);
        return lags;
    }

    private static String textOf(Map<Consumed, Lag> lags) {
        return metric("kafka_consumergroup_lag", "Records that a group has not committed.", lags, Lag::records)
            + metric("kafka_consumergroup_lag_seconds", "Since when there has been one.", lags, Lag::seconds);
    }

    private static String metric(
            String name, String help, Map<Consumed, Lag> lags, Function<Lag, Long> value) {
        StringBuilder text = new StringBuilder("# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n");
        lags.forEach((consumed, lag) -> text.append(String.format(
            "%s{consumergroup=\"%s\",topic=\"%s\"} %d\n",
            name, escaped(consumed.group), consumed.topic, value.apply(lag))));
        return text.toString();
    }

    /** A group may be called anything. */
    private static String escaped(String name) {
        return name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Milliseconds of a clock that nobody sets. */
    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** When the end offset of a partition became what. */
    private static final class History {
        private static final int MOST = 200;
        private final List<long[]> changes = new ArrayList<>();

        void add(long time, long end) {
            if (changes.isEmpty() || changes.get(changes.size() - 1)[1] != end) {
                changes.add(new long[] {time, end});
            }
            if (changes.size() > MOST) {
                // Every second one of the older half: the longer ago, the less it matters when exactly.
                for (int i = MOST / 2; i > 0; i -= 2) {
                    changes.remove(i);
                }
            }
        }

        Lag lag(long committed, long now) {
            long records = Math.max(0, changes.get(changes.size() - 1)[1] - committed);
            long since = changes.stream().filter(change -> change[1] > committed).mapToLong(change -> change[0])
                .findFirst().orElse(now);
            return new Lag(records, TimeUnit.MILLISECONDS.toSeconds(now - since));
        }
    }
}
