// The rules, the alerts and the dashboard as a monitoring mixin (https://monitoring.mixins.dev). They are the files that
// stand beside this folder, read as they are: what is changed there is changed here.
//
// Install the folder above, which has them too: jb install github.com/nfx/cnproc-exporter/deploy@main
//
//   (import 'deploy/mixin/mixin.libsonnet') + { _config+:: { withoutAlerts: ['CnprocUnparsedLaunch'] } }
//
// docs/install.md shows how files are made of it.
{
  _config+:: {
    // Regular expression of the jobs that scrape exporters: whether they answer is asked of these.
    jobs: 'cnproc.*',
    // Where the runbook is; the name of the alert in lower case follows.
    runbook: 'https://github.com/nfx/cnproc-exporter/blob/main/docs/runbook.md#',
    // Alerts that aren't wanted, by name.
    withoutAlerts: [],
    // What the three severities are called, and other labels that all alerts have.
    severities: { critical: 'critical', warning: 'warning', info: 'info' },
    alertLabels: {},
    // Of the dashboard.
    dashboardTitle: 'Process trees',
    dashboardTags: ['cnproc-exporter', 'security'],
    dashboardRefresh: '30s',
  },

  local config = $._config,

  local configured(alert) = alert {
    assert std.objectHas(config.severities, alert.labels.severity) : 'no severity ' + alert.labels.severity,
    expr: std.strReplace(alert.expr, 'job=~"cnproc.*"', 'job=~' + std.escapeStringJson(config.jobs)),
    labels+: { severity: config.severities[alert.labels.severity] } + config.alertLabels,
    annotations+: { runbook_url: config.runbook + std.asciiLower(alert.alert) },
  },

  local groups = std.parseYaml(importstr '../prometheus/cnproc.alerts.yml').groups,
  local names = [rule.alert for group in groups for rule in group.rules],
  local unknown = std.setDiff(std.set(config.withoutAlerts), std.set(names)),

  prometheusRules+:: std.parseYaml(importstr '../prometheus/cnproc.rules.yml'),

  prometheusAlerts+:: {
    assert unknown == [] : 'no alert is called ' + std.join(', ', unknown),
    groups+: [
      group { rules: kept }
      for group in groups
      for kept in [[configured(rule) for rule in group.rules if !std.member(config.withoutAlerts, rule.alert)]]
      if kept != []
    ],
  },

  grafanaDashboards+:: {
    'cnproc-exporter.json': (import '../grafana/cnproc-exporter.json') + {
      title: config.dashboardTitle,
      tags: config.dashboardTags,
      refresh: config.dashboardRefresh,
    },
  },
}
