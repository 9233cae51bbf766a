// Prometheus's families in the making: a metric of no labels and one of many are added alike.
#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <string>
#include <vector>

namespace signpost {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

class MetricFamilies {
 public:
  void counter(const char* name, const char* help, double value, const MetricLabels& labels = {}) {
    metric(name, help, prometheus::MetricType::Counter, labels).counter.value = value;
  }
  void gauge(const char* name, const char* help, double value, const MetricLabels& labels = {}) {
    metric(name, help, prometheus::MetricType::Gauge, labels).gauge.value = value;
  }
  std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_);
    return out.str();
  }

 private:
  prometheus::ClientMetric& metric(const char* name, const char* help, prometheus::MetricType type,
                                   const MetricLabels& labels) {
    prometheus::MetricFamily* family = nullptr;
    for (auto& known : families_) {
      if (known.name == name) family = &known;
    }
    if (family == nullptr) {
      families_.push_back({name, help, type, {}});
      family = &families_.back();
    }
    family->metric.emplace_back().label = labels;
    return family->metric.back();
  }

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace signpost
