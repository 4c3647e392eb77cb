import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kafka.server.DynamicBrokerConfig$;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * What the Kafka on the class path takes as settings. Without arguments: the definitions as JSON, one a line. With
 * `check`: its verdict on each line of standard input, such as `brokers log.retention.hours 24`: `ok`, or why not.
 */
public class KafkaSettings {
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        if (arguments.length > 0) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ", 3);
                System.out.println(verdict(parts[0], parts[1], parts[2]));
            }
            return;
        }
        Map<String, String> modes = DynamicBrokerConfig$.MODULE$.dynamicConfigUpdateModes();
        System.out.println("{");
        System.out.println("\"version\": " + json(AppInfoParser.getVersion()) + ",");
        System.out.println("\"brokers\": " + table(KafkaConfig.configDef().configKeys(), modes) + ",");
        System.out.println("\"topics\": " + table(LogConfig.configKeys(), null));
        System.out.println("}");
    }

    private static String verdict(String kind, String name, String value) {
        Properties settings = new Properties();
        try {
            if (kind.equals("topics")) {
                settings.setProperty(name, value);
                LogConfig.validate(settings);
            } else {
                settings.setProperty("zookeeper.connect", "localhost:2181");
                settings.setProperty(name, value);
                KafkaConfig.fromProps(settings, false);
            }
            return "ok";
        } catch (RuntimeException error) {
            return String.valueOf(error.getMessage()).replace('\n', ' ');
        }
    }

    private static String table(Map<String, ConfigKey> keys, Map<String, String> modes)
            throws ReflectiveOperationException {
        List<String> lines = new ArrayList<>();
        for (ConfigKey key : new TreeMap<>(keys).values()) {
            lines.add(json(key.name) + ": {" + String.join(", ", members(key, modes)) + "}");
        }
        return "{\n" + String.join(",\n", lines) + "\n}";
    }

    private static List<String> members(ConfigKey key, Map<String, String> modes) throws ReflectiveOperationException {
        List<String> members = new ArrayList<>();
        members.add("\"type\": " + json(key.type.name().toLowerCase()));
        members.addAll(limits(key.validator));
        if (key.hasDefault()) {
            members.add("\"default\": " + json(ConfigDef.convertToString(key.defaultValue, key.type)));
        }
        members.add("\"importance\": " + json(key.importance.name().toLowerCase()));
        if (modes == null) {
            // The broker's setting that is the default of a topic's.
            LogConfig.serverConfigName(key.name).ifPresent(name -> members.add("\"broker\": " + json(name)));
        } else if (modes.containsKey(key.name)) {
            members.add("\"update\": " + json(modes.get(key.name)));
        }
        if (key.internalConfig) {
            members.add("\"internal\": true");
        }
        if (key.documentation != null && key.documentation.toLowerCase().contains("deprecated")) {
            members.add("\"deprecated\": true");
        }
        return members;
    }

    /** What a validator of Kafka's allows. One that is code has words for it, which are no more than a hint. */
    private static List<String> limits(ConfigDef.Validator validator) throws ReflectiveOperationException {
        List<String> members = new ArrayList<>();
        if (validator == null || validator instanceof ConfigDef.NonNullValidator) {
            return members;
        }
        switch (validator.getClass().getSimpleName()) {
            case "Range" -> {
                for (String end : List.of("min", "max")) {
                    Object limit = field(validator, end);
                    if (limit != null) {
                        members.add(json(end) + ": " + json(String.valueOf(limit)));
                    }
                }
            }
            case "ValidString" -> members.add("\"values\": " + json((Collection<?>) field(validator, "validStrings")));
            case "ValidList" -> members.addAll(limits((ConfigDef.Validator) field(validator, "validString")));
            case "CaseInsensitiveValidString" -> {
                members.add("\"values\": " + json((Collection<?>) field(validator, "validStrings")));
                members.add("\"ignoresCase\": true");
            }
            case "CompositeValidator" -> {
                for (Object part : (List<?>) field(validator, "validators")) {
                    members.addAll(limits((ConfigDef.Validator) part));
                }
            }
            case "NonEmptyString" -> members.add("\"notEmpty\": true");
            // Lists every version there was.
            case "MetadataVersionValidator" -> members.add("\"check\": \"version\"");
            default -> members.add("\"check\": " + json(validator.toString()));
        }
        return members;
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    private static String json(Collection<?> values) {
        return values.stream().map(value -> json((String) value)).sorted().collect(Collectors.joining(", ", "[", "]"));
    }

    private static String json(String text) {
        return text == null ? "null" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
