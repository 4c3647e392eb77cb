/** Dashboards as Grafana imports them. */
import {
    DashboardBuilder,
    DatasourceVariableBuilder,
    QueryVariableBuilder,
    RowBuilder,
    ThresholdsConfigBuilder,
    ThresholdsMode,
    VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { inNamespace } from "../metrics.ts";
import { inOneLine } from "../rule.ts";
import type { Dashboard, Panel } from "./dashboard.ts";

/** The reader of a dashboard chooses the Prometheus, which may be Google's, and the namespace of a Project. */
const SOURCE = { type: "prometheus", uid: "$datasource" };
const NAMESPACE = "$namespace";

/** Of the 24 columns of Grafana. */
const WIDTH = { number: 6, graph: 8 } as const;
const HEIGHT = { number: 4, graph: 8 } as const;

/** Text of the file. */
export function grafanaJson(dashboard: Dashboard): string {
    const builder = new DashboardBuilder(dashboard.title)
        .uid(dashboard.name)
        .tags(["unity-kafka"])
        .readonly()
        .refresh("30s")
        .time({ from: "now-3h", to: "now" })
        .withVariable(new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"));
    if (dashboard.ofOneProject) {
        builder.withVariable(
            new QueryVariableBuilder("namespace")
                .label("Project")
                .datasource(SOURCE)
                .refresh(VariableRefresh.OnDashboardLoad)
                .query("label_values(kafka_server_kafkaserver_brokerstate, namespace)"),
        );
    }
    let id = 0;
    for (const { title, panels } of dashboard.rows) {
        builder.withRow(new RowBuilder(title).id(++id));
        for (const panel of panels) {
            builder.withPanel(panelOf(panel, dashboard.ofOneProject).id(++id));
        }
    }
    return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

function panelOf(panel: Panel, ofOneProject: boolean): TimeSeriesBuilder | StatBuilder {
    const { title, unit, queries, redFrom, description } = panel;
    const kind = redFrom === undefined ? "graph" : "number";
    const builder =
        redFrom === undefined
            ? new TimeSeriesBuilder().min(0)
            : new StatBuilder().thresholds(
                  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
                      { value: null, color: "green" },
                      { value: redFrom, color: "red" },
                  ]),
              );
    builder.title(title).unit(unit).datasource(SOURCE).span(WIDTH[kind]).height(HEIGHT[kind]);
    if (description !== undefined) {
        builder.description(description);
    }
    for (const { expr, legend } of queries) {
        const line = inOneLine(expr);
        builder.withTarget(
            new DataqueryBuilder()
                .expr(ofOneProject ? inNamespace(line, NAMESPACE) : line)
                .legendFormat(legend),
        );
    }
    return builder;
}
