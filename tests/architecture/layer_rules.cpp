#include "tests/architecture/layer_rules.h"

#include "tests/architecture/include_graph.h"
#include "tests/architecture/source_tree.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::architecture {

namespace {

bool isWithin(const QString &path, const QString &folder)
{
    return path == folder || path.startsWith(folder + u'/');
}

QStringList column(const QString &text)
{
    const QString trimmed = text.trimmed();
    return trimmed == "-"_L1 ? QStringList() : trimmed.split(u' ', Qt::SkipEmptyParts);
}

// moc, uic and rcc put these into the build folder.
bool isGenerated(const QString &path)
{
    static const QRegularExpression pattern(u"(\\.moc|^ui_.*\\.h|^moc_.*\\.cpp)$"_s);
    return pattern.match(path).hasMatch();
}

bool isQtHeader(const QString &path)
{
    static const QRegularExpression pattern(u"^(Qt?[A-Z]\\w*|Qt[A-Z]\\w*/\\w+(\\.h)?|q[a-z0-9]+\\.h)$"_s);
    return pattern.match(path).hasMatch() && path != "qtermwidget.h"_L1;
}

bool isStandardHeader(const QString &path)
{
    static const QRegularExpression pattern(u"^[a-z_]+$"_s);
    return pattern.match(path).hasMatch();
}

QString checkQt(const Layer &layer, const QString &qtHeaders, const QString &path)
{
    if (layer.qtModules.contains(u"all"_s))
        return {};
    for (const QString &module : layer.qtModules) {
        const QString folder = "Qt"_L1 + module;
        if (path.startsWith(folder + u'/') || QFileInfo::exists(qtHeaders + u'/' + folder + u'/' + path))
            return {};
    }
    return u"<%1> is not in %2's Qt modules (%3)"_s.arg(path, layer.folder, layer.qtModules.join(", "_L1));
}

bool isListed(const QStringList &libraries, const QString &path)
{
    return std::ranges::any_of(libraries, [&](const QString &library) {
        return path == library || (library.endsWith(u'/') && path.startsWith(library));
    });
}

bool isSystemHeader(const QString &path)
{
    static const QRegularExpression pattern(u"^((sys|linux|net|netinet|arpa)/)?[a-z0-9_]+\\.h$"_s);
    return pattern.match(path).hasMatch();
}

// A library's header at the top level looks like the system's; that some folder lists it tells them apart.
QString checkLibrary(const Layer &layer, const QStringList &allLibraries, const QString &path)
{
    if (isStandardHeader(path) || layer.libraries.contains(u"all"_s) || isListed(layer.libraries, path))
        return {};
    if (layer.libraries.contains(u"system"_s) && isSystemHeader(path) && !isListed(allLibraries, path))
        return {};
    return u"<%1> is not among %2's libraries (%3)"_s.arg(path, layer.folder, layer.libraries.join(", "_L1));
}

} // namespace

std::expected<LayerRules, QString> LayerRules::parse(const QString &text)
{
    LayerRules rules;
    const QStringList lines = text.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString line = lines.at(i).section(u'#', 0, 0).trimmed();
        if (line.isEmpty())
            continue;
        const QStringList cells = line.split(u'|');
        if (cells.size() != 4)
            return std::unexpected(u"line %1: four columns wanted"_s.arg(i + 1));
        rules.m_layers.append({.folder = cells.at(0).trimmed(),
                               .ours = column(cells.at(1)),
                               .qtModules = column(cells.at(2)),
                               .libraries = column(cells.at(3))});
    }
    return rules;
}

const Layer *LayerRules::layerOf(const QString &file) const
{
    const Layer *best = nullptr;
    for (const Layer &layer : m_layers) {
        if (isWithin(file, layer.folder) && (!best || layer.folder.size() > best->folder.size()))
            best = &layer;
    }
    return best;
}

QString LayerRules::checkOurs(const Layer &layer, const QString &root, const Include &include) const
{
    if (isGenerated(include.path))
        return {};
    if (!QFileInfo::exists(root + u'/' + include.path))
        return u"\"%1\" is not a path from the repository's root"_s.arg(include.path);
    const Layer *target = layerOf(include.path);
    if (target == &layer)
        return {};
    for (const QString &allowed : layer.ours) {
        // A folder that has a line of its own is opened by its own name only, or by one above both.
        const Layer *opened = layerOf(allowed);
        if (isWithin(include.path, allowed) && (opened == target || !opened))
            return {};
    }
    return u"%1 must not include \"%2\""_s.arg(layer.folder, include.path);
}

QStringList LayerRules::check(const QString &root, const QString &qtHeaders) const
{
    QStringList problems;
    IncludeGraph graph;
    QStringList libraries;
    for (const Layer &layer : m_layers)
        libraries += layer.libraries;
    const QStringList files = sourceFiles(root, {u"*.h"_s, u"*.cpp"_s});
    for (const QString &file : files) {
        const Layer *layer = layerOf(file);
        if (!layer) {
            problems += file + ":1: its folder has no line in layers.txt"_L1;
            continue;
        }
        const QList<Include> includes = includesOf(readText(root + u'/' + file));
        for (const Include &include : includes) {
            QString problem;
            if (include.quoted) {
                problem = checkOurs(*layer, root, include);
                graph.add(file, include.path);
            } else if (isQtHeader(include.path)) {
                problem = checkQt(*layer, qtHeaders, include.path);
            } else {
                problem = checkLibrary(*layer, libraries, include.path);
            }
            if (!problem.isEmpty())
                problems += u"%1:%2: %3"_s.arg(file).arg(include.line).arg(problem);
        }
    }
    if (const QString circle = graph.circle(); !circle.isEmpty())
        problems += "headers include each other in a circle: "_L1 + circle;
    return problems;
}

QString LayerRules::circle() const
{
    IncludeGraph graph;
    for (const Layer &layer : m_layers) {
        for (const QString &allowed : layer.ours) {
            // "core" stands for every line below it.
            for (const Layer &other : m_layers) {
                if (isWithin(other.folder, allowed) || layerOf(allowed) == &other)
                    graph.add(layer.folder, other.folder);
            }
        }
    }
    return graph.circle();
}

QList<Include> includesOf(const QString &source)
{
    static const QRegularExpression pattern(u"^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"_s);
    QList<Include> includes;
    int line = 0;
    const QList<QStringView> lines = QStringView(source).split(u'\n');
    for (const QStringView text : lines) {
        ++line;
        if (const auto match = pattern.matchView(text); match.hasMatch())
            includes.append({.line = line, .path = match.captured(2), .quoted = match.captured(1) == u"\""});
    }
    return includes;
}

} // namespace muster::architecture
