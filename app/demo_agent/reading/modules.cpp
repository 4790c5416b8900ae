#include "app/demo_agent/reading/modules.h"

#include "app/demo_agent/analysis/tests.h"

#include <QHash>
#include <QMap>
#include <QSet>

#include <algorithm>
#include <functional>
#include <tuple>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr int enoughModules = 3;

struct Weights {
    QHash<QString, int> all;          // lines of code below a folder
    QHash<QString, int> own;          // directly in it
    QMap<QString, QStringList> below; // folders with code, by parent

    int childCount(const QString &folder) const { return static_cast<int>(below.value(folder).size()); }
};

Weights weigh(const Repository &repository)
{
    Weights weights;
    QSet<QString> known;
    for (const FileFacts &facts : repository.files) {
        if (!facts.isCode())
            continue;
        const int lines = std::max(facts.counts.code + facts.counts.comments, 1);
        QString folder = facts.folder();
        weights.own[folder] += lines;
        while (true) {
            weights.all[folder] += lines;
            if (folder.isEmpty())
                break;
            const QString parent = folder.contains(u'/') ? folder.section(u'/', 0, -2) : QString();
            if (!known.contains(folder)) {
                known.insert(folder);
                weights.below[parent].append(folder);
            }
            folder = parent;
        }
    }
    return weights;
}

// A unit is a folder with all below it, or (own) only the files directly in it.
struct Unit {
    QString folder;
    bool own = false;
    int weight = 0;
};

class Cutter {
public:
    explicit Cutter(const Weights &weights)
        : m_weights(weights)
    {
    }

    std::vector<Unit> run()
    {
        QString top;
        while (m_weights.childCount(top) == 1 && m_weights.own.value(top) * 10 < m_weights.all.value(top))
            top = m_weights.below.value(top).constFirst();
        open({.folder = top, .own = false, .weight = m_weights.all.value(top)});
        while (Unit *largest = toOpen()) {
            const Unit unit = *largest;
            std::erase_if(m_units,
                          [&](const Unit &u) { return u.folder == unit.folder && u.own == unit.own; });
            open(unit);
        }
        return m_units;
    }

private:
    void open(const Unit &unit)
    {
        const int own = m_weights.own.value(unit.folder);
        if (own > 0)
            m_units.push_back({unit.folder, m_weights.childCount(unit.folder) > 0, own});
        const QStringList children = m_weights.below.value(unit.folder);
        for (const QString &child : children)
            m_units.push_back({child, false, m_weights.all.value(child)});
    }

    // The part to take apart next: too few parts, or one that outweighs the rest and fits when opened.
    Unit *toOpen()
    {
        Unit *largest = nullptr;
        for (Unit &unit : m_units) {
            if (!unit.own && m_weights.childCount(unit.folder) > 0 &&
                (largest == nullptr || unit.weight > largest->weight))
                largest = &unit;
        }
        if (largest == nullptr)
            return nullptr;
        const bool few = m_units.size() < enoughModules;
        const int parts =
            m_weights.childCount(largest->folder) + (m_weights.own.value(largest->folder) > 0 ? 1 : 0);
        const bool fits = static_cast<int>(m_units.size()) - 1 + parts <= maxModules;
        const bool heavy = largest->weight * 100 > m_weights.all.value(QString()) * 40;
        return few || (heavy && (fits || largest->weight * 100 > m_weights.all.value(QString()) * 70))
                   ? largest
                   : nullptr;
    }

    const Weights &m_weights;
    std::vector<Unit> m_units;
};

void addFile(Module &module, const FileFacts &facts, QHash<QString, int> &languages)
{
    ++module.files;
    module.lines += facts.counts.lines;
    module.tests += facts.tests;
    if (facts.language == nullptr)
        return;
    if (facts.isCode())
        module.codeLines += facts.counts.code;
    // Program text names a part even where documents and data outweigh it somewhat.
    const int weight = facts.isCode() ? 20 : 1;
    languages[QString::fromLatin1(facts.language->name)] += weight * (facts.counts.code + 1);
}

Module measured(const Repository &repository, Module module)
{
    QHash<QString, int> languages;
    for (const FileFacts *facts : filesOf(repository, module)) {
        if (!facts->foreign)
            addFile(module, *facts, languages);
    }
    int most = 0;
    for (const auto &[language, lines] : languages.asKeyValueRange()) {
        if (lines > most || (lines == most && language < module.language)) {
            most = lines;
            module.language = language;
        }
    }
    return module;
}

Module moduleOf(const Repository &repository, const QString &folder, bool own)
{
    Module module;
    module.path = folder.isEmpty() ? u"."_s : folder;
    module.name = folder.isEmpty() ? u"top level"_s : folder.section(u'/', -1);
    module.ownFilesOnly = own;
    return measured(repository, std::move(module));
}

// A part with next to no code is not worth a reader of its own, as long as enough others are left.
void dropSmall(ModuleList &list, int total)
{
    const auto small = [&](const Module &m) {
        return m.codeLines * 50 < total;
    };
    const auto large = std::ranges::count_if(list.modules, [&](const Module &m) { return !small(m); });
    if (large >= enoughModules)
        list.leftOut += static_cast<int>(std::erase_if(list.modules, small));
}

std::vector<Module> largestFiles(const Repository &repository)
{
    std::vector<const FileFacts *> code;
    for (const FileFacts &facts : repository.files) {
        if (facts.isCode() && facts.counts.code > 0)
            code.push_back(&facts);
    }
    std::ranges::stable_sort(code, std::ranges::greater(), [](const FileFacts *f) { return f->counts.code; });
    std::vector<Module> modules;
    modules.reserve(code.size());
    for (const FileFacts *facts : code)
        modules.push_back(measured(repository, {.name = facts->name(), .path = facts->path}));
    return modules;
}

} // namespace

bool isTestModule(const Module &module)
{
    return inTestFolder(module.path + u'/') || hasTestName(module.path);
}

std::vector<const FileFacts *> filesOf(const Repository &repository, const Module &module)
{
    if (const FileFacts *file = repository.file(module.path))
        return {file};
    const QString folder = module.path == "."_L1 ? QString() : module.path;
    std::vector<const FileFacts *> files = repository.under(folder);
    if (module.ownFilesOnly)
        std::erase_if(files, [&](const FileFacts *f) { return f->folder() != folder; });
    return files;
}

ModuleList findModules(const Repository &repository)
{
    const Weights weights = weigh(repository);
    const std::vector<Unit> units = Cutter(weights).run();
    ModuleList list;
    // One flat folder: its files are the parts.
    const int folders =
        static_cast<int>(std::ranges::count_if(units, [](const Unit &u) { return !u.folder.isEmpty(); }));
    if (units.size() == 1 || (units.size() == 2 && folders == 1)) {
        list.modules = largestFiles(repository);
    } else {
        for (const Unit &unit : units)
            list.modules.push_back(moduleOf(repository, unit.folder, unit.own));
    }
    dropSmall(list, weights.all.value(QString()));
    std::ranges::stable_sort(list.modules, [](const Module &a, const Module &b) {
        return std::tuple(isTestModule(a), -a.codeLines) < std::tuple(isTestModule(b), -b.codeLines);
    });
    if (list.modules.size() > maxModules) {
        list.leftOut += static_cast<int>(list.modules.size()) - maxModules;
        list.modules.resize(maxModules);
    }
    return list;
}

Module moduleAt(const Repository &repository, const QString &path)
{
    for (const Module &module : findModules(repository).modules) {
        if (module.path == path)
            return module;
    }
    if (repository.file(path) != nullptr)
        return measured(repository, {.name = path.section(u'/', -1), .path = path});
    return moduleOf(repository, path == "."_L1 ? QString() : path, false);
}

} // namespace muster::demo
