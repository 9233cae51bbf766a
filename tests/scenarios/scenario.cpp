#include "tests/scenarios/scenario.h"

#include "tests/scenarios/steps.h"

namespace scenario {
namespace {

/// Whether indented lines may stand below a step; those of others are mistakes.
bool takes_lines(const What& step) {
  if (const auto* hears = std::get_if<ClientHears>(&step)) return !hears->nothing;
  if (const auto* answers = std::get_if<ServerAnswers>(&step)) {
    return answers->bent != ServerAnswers::Bent::malformed;
  }
  if (const auto* answers = std::get_if<CatalogAnswers>(&step)) {
    return answers->what == CatalogAnswers::What::found;
  }
  return std::holds_alternative<FileSays>(step);
}

/// What is left of the line as the inside of a TOML list.
std::string list_of(Words& words) {
  std::string out;
  while (!words.empty()) out += "\"" + std::string(words.take("")) + "\",";
  return out;
}

void read_conf(const Block& block, Scenario& scenario) {
  std::string upstreams;
  std::string zones;
  scenario.conf_line = block.head.number;
  for (const Line& line : block.body) {
    Words words(line.text, line.number);
    if (words.take_if("upstream")) {
      upstreams += list_of(words);
    } else if (words.take_if("forward")) {
      const std::string suffix(words.take("a suffix"));
      if (!words.take_if("to")) words.fail("expected 'to' and addresses");
      zones += "{suffix=\"" + suffix + "\",upstreams=[" + list_of(words) + "]},";
    } else if (words.take_if("in_flight")) {
      scenario.in_flight = words.number<std::size_t>(words.take("a number"));
    } else if (words.take_if("loop_probes")) {
      scenario.loop_probes = true;
      words.expect_end("the end of the line");
    } else if (words.take_if("mixed_case")) {
      scenario.mixed_case = true;
      words.expect_end("the end of the line");
    } else {
      scenario.conf += std::string(words.rest()) + '\n';
    }
  }
  scenario.conf += "forward.upstreams = [" + upstreams + "]\nforward.zone = [" + zones + "]\n";
}

std::vector<What> read_steps(Words& words, const Block& block) {
  if (words.take_if("time passes")) return {read_time(words)};
  if (words.take_if("nobody is asked")) return {NobodyIsAsked{}};
  if (words.take_if("client")) return read_client(words, block);
  if (words.take_if("catalog")) return {read_catalog(words, block)};
  if (words.next().find_first_of(".:") == std::string_view::npos) {
    words.fail("expected conf, client, catalog, time, nobody or a server's address");
  }
  const auto server = words.value_of(dns::SocketAddress::from_text(words.take(""), 53));
  return read_server(server, words, block);
}

void read_block(const Block& block, Scenario& scenario) {
  Words words(block.head.text, block.head.number);
  if (words.take_if("conf")) return read_conf(block, scenario);
  for (What& step : read_steps(words, block)) {
    if (!takes_lines(step) && !block.body.empty()) {
      throw Problem{block.body.front().number, "expected a step at the margin"};
    }
    scenario.steps.push_back({block.head.number, std::move(step)});
  }
}

}  // namespace

std::variant<Scenario, Problem> parse(std::string_view text) {
  try {
    Scenario scenario;
    for (const Block& block : blocks_of(text)) read_block(block, scenario);
    return scenario;
  } catch (Problem& problem) {
    return std::move(problem);
  }
}

}  // namespace scenario
