#include "core/node/flows/flow_bundle.h"

#include "core/node/flows/named_files.h"

#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t kMostOpen = 32; // beyond what is allowed it need not be known how deep it goes

} // namespace

FlowBundle::FlowBundle(const FlowLibrary &library, QString projectRoot, FlowLookups names,
                       QHash<QString, ResolvedFile> flows)
    : m_library(library)
    , m_projectRoot(std::move(projectRoot))
    , m_lookups(std::move(names))
    , m_files(std::move(flows))
{
    QStringList known = m_files.keys();
    known.sort();
    m_lookups.flows = known;
    m_lookups.flow = [this](const QString &name) {
        return look(name);
    };
}

LoadedFlow FlowBundle::load(const QByteArray &text, const QString &path)
{
    m_open = {{.name = QFileInfo(path).fileName().section(u'.', 0, 0), .path = path}};
    Read read = parse(text, path);
    LoadedFlow loaded{.found = {}, .text = read.text, .parsed = std::move(read.parsed), .flows = {}};
    m_open.clear();
    QStringList names = m_known.keys();
    names.sort();
    for (const QString &name : std::as_const(names))
        loaded.flows.push_back(m_known.value(name).flow);
    return loaded;
}

FlowBundle::Read FlowBundle::parse(const QByteArray &text, const QString &path)
{
    Read read{.text = text, .parsed = parseFlow(text, path, m_lookups)};
    if (m_projectRoot.isEmpty() || !read.parsed.ok())
        return read;
    NamedFiles files = takeInFiles(text, *read.parsed.definition, m_projectRoot);
    if (!files.problems.empty())
        read.parsed = {.definition = nullptr, .problems = std::move(files.problems)};
    else if (files.text != text)
        read = {.text = files.text, .parsed = parseFlow(files.text, path, m_lookups)};
    return read;
}

OtherFlow FlowBundle::look(const QString &name)
{
    const ResolvedFile file = m_files.value(name);
    if (const auto circle = std::ranges::find(m_open, file.file.path, &Open::path); circle != m_open.end()) {
        OtherFlow other;
        for (auto at = circle; at != m_open.end(); ++at)
            other.circle.append(at->name);
        other.circle.append(circle->name);
        return other;
    }
    if (m_open.size() >= kMostOpen)
        return {.definition = nullptr, .problem = {}, .circle = {}, .depth = kMostFlowDepth};
    if (!m_known.contains(name))
        m_known.insert(name, read(name, file));
    const OtherFlow other = m_known.value(name).other;
    m_open.back().depth = std::max(m_open.back().depth, other.depth + 1);
    return other;
}

FlowBundle::Known FlowBundle::read(const QString &name, const ResolvedFile &file)
{
    Known known{.flow = {.name = name, .found = file, .text = {}, .definition = nullptr}, .other = {}};
    const auto text = m_library.read(file.file.path);
    if (!text) {
        known.other.problem = file.file.path;
        return known;
    }
    m_open.push_back({.name = name, .path = file.file.path});
    const auto [taken, parsed] = parse(*text, file.file.path);
    known.other.depth = m_open.back().depth;
    m_open.pop_back();
    known.flow.text = taken;
    known.flow.definition = known.other.definition = parsed.definition;
    if (!parsed.problems.empty()) {
        const FlowProblem &first = parsed.problems.front();
        known.other.problem = u"%1:%2:%3"_s.arg(file.file.path).arg(first.line).arg(first.column);
    }
    return known;
}

} // namespace muster
