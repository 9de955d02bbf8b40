/**
 * Writes the Grafana dashboard, `deploy/grafana/cnproc-exporter.json`, from its panels in `dashboard_panels.ts`.
 *
 * `deno task dashboard`; a test compares the file with what this gives.
 *
 * @module
 */

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as HeatmapBuilder } from "@grafana/grafana-foundation-sdk/heatmap";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { type PanelSpec, ROWS } from "./dashboard_panels.ts";

/** Where the dashboard is. */
export const DASHBOARD_FILE = `${import.meta.dirname}/../deploy/grafana/cnproc-exporter.json`;

const DATASOURCE = { type: "prometheus", uid: "${datasource}" };
const HEIGHT = 8;

function queriesOf({ kind, queries }: PanelSpec): DataqueryBuilder[] {
  return queries.map(({ expression, legend }, index) => {
    const query = new DataqueryBuilder().datasource(DATASOURCE).expr(expression).refId("ABC"[index]!);
    if (legend !== undefined) query.legendFormat(legend);
    if (kind === "table") return query.instant().format(PromQueryFormat.Table);
    if (kind === "stat") return query.instant();
    return kind === "heatmap" ? query.range().format(PromQueryFormat.Heatmap) : query.range();
  });
}

function thresholds(warnFrom: number): ThresholdsConfigBuilder {
  const steps = [{ value: null, color: "green" }, { value: warnFrom, color: "orange" }];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

function timeseries(spec: PanelSpec): TimeseriesBuilder {
  const legend = new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom)
    .showLegend(true);
  const panel = new TimeseriesBuilder().legend(legend).min(0)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  if (spec.kind === "stacked") panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal)).fillOpacity(30);
  return panel;
}

function builderOf(spec: PanelSpec) {
  switch (spec.kind) {
    case "stat":
      return new StatBuilder().graphMode(BigValueGraphMode.None).colorMode(
        spec.warnFrom === undefined ? BigValueColorMode.None : BigValueColorMode.Value,
      );
    case "table":
      return new TableBuilder().filterable(true)
        // The instant is the same in every row; the value is what the title says.
        .withTransformation({
          id: "organize",
          options: { excludeByName: { Time: true, __name__: true }, renameByName: { Value: spec.title } },
        });
    case "heatmap":
      return new HeatmapBuilder();
    default:
      return timeseries(spec);
  }
}

function panelOf(spec: PanelSpec, id: number): Builder<Panel> {
  const { title, description, unit, width, height = HEIGHT, warnFrom } = spec;
  const panel = builderOf(spec).id(id).title(title).description(description).span(width).height(height).datasource(
    DATASOURCE,
  );
  if (unit !== undefined) panel.unit(unit);
  if (warnFrom !== undefined) panel.thresholds(thresholds(warnFrom));
  return panel.targets(queriesOf(spec));
}

/** A variable that takes its choices from a label. */
function labelVariable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name).label(label).datasource(DATASOURCE).query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.NaturalAsc)
    .multi(true).includeAll(true).allValue(".*").current({ selected: true, text: "All", value: "$__all" });
}

/** The dashboard. */
export function buildDashboard(): Dashboard {
  const dashboard = new DashboardBuilder("Process trees").uid("cnproc-exporter")
    .description("What is launched, by process tree: what is new, what runs, what fails and what it costs.")
    .tags(["cnproc-exporter", "security"]).editable().tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-1h", to: "now" }).refresh("30s").timezone("browser")
    .withVariable(new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"))
    .withVariable(labelVariable("job", "Job", "label_values(cnproc_trees, job)"))
    .withVariable(labelVariable("host", "Host", 'label_values(cnproc_trees{job=~"$job"}, instance)'))
    .withVariable(new TextBoxVariableBuilder("tree").label("Trees (regular expression)").defaultValue(".*"));
  let id = 0;
  for (const { title, panels } of ROWS) {
    dashboard.withRow(new RowBuilder(title).id(++id));
    for (const panel of panels) dashboard.withPanel(panelOf(panel, ++id));
  }
  return dashboard.build();
}

/** The text of the file. */
export function dashboardText(): string {
  return `${JSON.stringify(buildDashboard(), null, 2)}\n`;
}

if (import.meta.main) await Deno.writeTextFile(DASHBOARD_FILE, dashboardText());
