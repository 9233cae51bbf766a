#include "dnsd/control/metrics_text.h"

#include <gtest/gtest.h>

#include "cache/catalog.h"

namespace signpost {
namespace {

SourceReport report() {
  SourceReport source;
  source.name = "route53:Z\"1\\";
  source.age = dns::Milliseconds(2500);
  source.names = 7;
  source.failures = 3;
  source.sent = {34, 2};
  return source;
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(MetricsText, SaysForEachSourceHowItDoes) {
  Figures figures;
  figures.sources = {report()};
  const std::string text = metrics_text(figures, 1000);
  const std::string its = "{source=\"route53:Z\\\"1\\\\\"} ";
  EXPECT_TRUE(has_line(text, "signpost_source_up" + its + "1")) << text;
  EXPECT_TRUE(has_line(text, "signpost_source_last_refresh_timestamp_seconds" + its + "997.5"));
  EXPECT_TRUE(has_line(text, "signpost_source_age_seconds" + its + "2.5"));
  EXPECT_TRUE(has_line(text, "signpost_source_names" + its + "7"));
  EXPECT_TRUE(has_line(text, "signpost_source_failures_total" + its + "3"));
  EXPECT_TRUE(has_line(text, "signpost_source_requests_total" + its + "34"));
  EXPECT_TRUE(has_line(text, "signpost_source_throttles_total" + its + "2"));
  EXPECT_TRUE(has_line(text, "# TYPE signpost_source_requests_total counter"));
}

TEST(MetricsText, ASourceThatWasNeverReadHasNoAge) {
  Figures figures;
  figures.sources = {report()};
  figures.sources[0].age.reset();
  const std::string text = metrics_text(figures, 1000);
  EXPECT_EQ(text.find("signpost_source_age_seconds"), std::string::npos);
  EXPECT_NE(text.find("signpost_source_up{source=\"route53:Z\\\"1\\\\\"} 0"), std::string::npos);
}

TEST(MetricsText, HasEachFamilyOnce) {
  Figures figures;
  figures.sources = {report(), report()};
  figures.sources[1].name = "file:x";
  const std::string text = metrics_text(figures, 1000);
  const std::string head = "# TYPE signpost_source_up gauge";
  EXPECT_EQ(text.find(head), text.rfind(head));
}

/// Of `count` services of two instances each; the first of `ill` of them is unhealthy.
cache::CatalogSnapshot table_of(int count, int ill) {
  cache::Catalog catalog{conf::Zone()};
  const auto source = catalog.add_listing_source("file");
  cache::CatalogPart part;
  for (int i = 0; i < count; ++i) {
    cache::Service service;
    service.name = "s" + std::to_string(i);
    for (const char* host : {"10.0.0.1", "10.0.0.2"}) {
      cache::Instance instance;
      instance.id = host;
      instance.host = host;
      instance.port = 80;
      const bool first = service.instances.empty();
      instance.status = first && i < ill ? cache::Status::unhealthy : cache::Status::healthy;
      service.instances.push_back(instance);
    }
    part.services.push_back(service);
  }
  catalog.set_part(source, std::move(part), dns::Time(std::chrono::hours(1)));
  return catalog.table(dns::Time(std::chrono::hours(1)));
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

TEST(MetricsText, SaysTheHealthOfEachInstanceWhileThereAreFew) {
  Figures figures;
  figures.table = table_of(2, 1);
  const std::string text = metrics_text(figures, 1000);
  EXPECT_TRUE(has_line(text,
                       "signpost_instance_health_factor{service=\"s0\",instance=\"10.0.0.1\","
                       "version=\"\"} 0"))
      << text;
  EXPECT_EQ(count_of(text, "signpost_instance_health_factor{"), 4U);
  EXPECT_TRUE(has_line(text, "signpost_service_instances{service=\"s0\"} 2"));
  EXPECT_TRUE(has_line(text, "signpost_service_healthy_instances{service=\"s0\"} 1"));
  EXPECT_TRUE(has_line(text, "signpost_services_impaired 1"));
}

TEST(MetricsText, SaysTheHealthOfServicesWhenInstancesAreMany) {
  Figures figures;
  figures.table = table_of(600, 3);
  const std::string text = metrics_text(figures, 1000);
  EXPECT_EQ(count_of(text, "signpost_instance_health_factor{"), 0U);
  EXPECT_EQ(count_of(text, "signpost_service_healthy_instances{"), 600U);
}

TEST(MetricsText, SaysOnlyWhatIsWrongWhenServicesAreManyToo) {
  Figures figures;
  figures.table = table_of(1'100, 3);
  const std::string text = metrics_text(figures, 1000);
  EXPECT_EQ(count_of(text, "signpost_service_healthy_instances{"), 3U);
  EXPECT_TRUE(has_line(text, "signpost_services_impaired 3"));
}

TEST(MetricsText, SaysWhatProbesSaw) {
  Figures figures;
  figures.probes.bad = 5;
  figures.probes.instances = 9;
  const std::string text = metrics_text(figures, 1000);
  EXPECT_TRUE(has_line(text, "signpost_probes_total{outcome=\"bad\"} 5"));
  EXPECT_TRUE(has_line(text, "signpost_probed_instances 9"));
}

TEST(WorkerFigures, AddUp) {
  WorkerFigures one, two;
  one.queries = 2;
  two.queries = 3;
  two.forwarder.tries = 4;
  two.servers = {{"192.0.2.1", 0.02, 1, true, false}};
  one.add(two);
  EXPECT_EQ(one.queries, 5U);
  EXPECT_EQ(one.forwarder.tries, 4U);
  ASSERT_EQ(one.servers.size(), 1U);
}

TEST(SourceReport, IsASentence) {
  SourceReport source = report();
  EXPECT_EQ(to_text(source),
            "route53:Z\"1\\: last good refresh 2 s ago, 7 names, 3 failures, 34 requests, 2 "
            "throttled");
  source.held = 1;
  source.stale = true;
  source.failure = "no route";
  source.age.reset();
  EXPECT_EQ(to_text(source),
            "route53:Z\"1\\: no good refresh yet, 7 names, 3 failures, 34 requests, 2 throttled, 1 "
            "held, stale; last failure: no route");
}

}  // namespace
}  // namespace signpost
