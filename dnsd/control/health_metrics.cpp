#include "dnsd/control/health_metrics.h"

namespace signpost {
namespace {

bool is_ill(const cache::View& view) {
  return view.fail_open || view.healthy < view.serving;
}

void add_service(MetricFamilies& out, const cache::TableService& service) {
  const MetricLabels its{{"service", service.name}};
  const cache::View& view = service.all;
  out.gauge("signpost_service_instances",
            "Instances of a service that do not drain and have an address", view.serving, its);
  out.gauge("signpost_service_healthy_instances", "Of those, the healthy", view.healthy, its);
  out.gauge("signpost_service_fail_open", "1 while the health of a service's instances is ignored",
            view.fail_open ? 1 : 0, its);
}

void add_instance(MetricFamilies& out, const cache::TableService& service,
                  const cache::TableInstance& instance) {
  out.gauge("signpost_instance_health_factor",
            "What an instance's weight is multiplied with, 0 to 1", instance.factor,
            {{"service", service.name},
             {"instance", instance.told->id},
             {"version", instance.told->version}});
}

}  // namespace

void add_health(MetricFamilies& out, const cache::CatalogTable& table) {
  const bool each_instance = table.instances() <= kMostLines;
  const bool each_service = table.services() <= kMostLines;
  std::size_t ill = 0;
  table.each_service([&](const cache::Node& node) {
    const cache::TableService& service = *node.service;
    if (is_ill(service.all)) ++ill;
    if (each_service || (is_ill(service.all) && ill <= kMostLines)) add_service(out, service);
    if (!each_instance) return true;
    for (const auto& instance : service.instances) add_instance(out, service, instance);
    return true;
  });
  out.gauge("signpost_services_impaired", "Services of which not every instance is healthy",
            static_cast<double>(ill));
}

}  // namespace signpost
