#include "app/demo_agent/analysis/build_system.h"

#include "app/demo_agent/analysis/text.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

struct Known {
    const char *file;
    const char *name;
    const char *build; // commands, separated by ";"
    const char *test;  // likewise; only shown if tests were found or the file speaks of them
};

// NOLINTBEGIN(modernize-use-designated-initializers): a table, its columns are those of the struct
constexpr std::array knownFiles{
    Known{"Cargo.toml", "Cargo", "cargo build", "cargo test"},
    Known{"go.mod", "Go modules", "go build ./...", "go test ./..."},
    Known{"meson.build", "Meson", "meson setup build;meson compile -C build", "meson test -C build"},
    Known{"Makefile.PL", "ExtUtils::MakeMaker", "perl Makefile.PL;make", "make test"},
    Known{"Build.PL", "Module::Build", "perl Build.PL;./Build", "./Build test"},
    Known{"configure.ac", "Autotools", "autoreconf -i;./configure;make", "make check"},
    Known{"configure", "configure script", "./configure;make", ""},
    Known{"pom.xml", "Maven", "mvn package", "mvn test"},
    Known{"build.gradle", "Gradle", "gradle build", "gradle test"},
    Known{"build.gradle.kts", "Gradle", "gradle build", "gradle test"},
    Known{"Gemfile", "Bundler", "bundle install", ""},
    Known{"mix.exs", "Mix", "mix compile", "mix test"},
    Known{"BUILD.bazel", "Bazel", "bazel build //...", "bazel test //..."},
    Known{"build.zig", "Zig", "zig build", "zig build test"},
    Known{"composer.json", "Composer", "composer install", ""},
    Known{"SConstruct", "SCons", "scons", ""},
    Known{"Dockerfile", "Docker image", "docker build .", ""},
};
// NOLINTEND(modernize-use-designated-initializers)

QStringList commands(const char *list) { return QString::fromLatin1(list).split(u';', Qt::SkipEmptyParts); }

BuildSystem fromPackageJson(const QByteArray &text)
{
    const QJsonObject scripts = QJsonDocument::fromJson(text).object().value("scripts"_L1).toObject();
    BuildSystem npm{.name = u"npm"_s, .file = u"package.json"_s, .build = {u"npm install"_s}, .test = {}};
    if (scripts.contains("build"_L1))
        npm.build.append(u"npm run build"_s);
    const QString test = scripts.value("test"_L1).toString();
    if (!test.isEmpty() && !test.contains("no test specified"_L1))
        npm.test.append(u"npm test"_s);
    return npm;
}

BuildSystem fromMakefile(const QByteArray &text, const QString &file)
{
    static const QRegularExpression target(uR"(^(all|build|check|test|tests|install|lint|docs?)\s*:(?!=))"_s,
                                           QRegularExpression::MultilineOption);
    BuildSystem make{.name = u"Make"_s, .file = file, .build = {}, .test = {}};
    const QString content = QString::fromUtf8(text);
    for (auto it = target.globalMatch(content); it.hasNext();) {
        const QString name = it.next().captured(1);
        const bool tests = name == "check"_L1 || name.startsWith("test"_L1);
        const QString command = u"make"_s + (name == "all"_L1 ? QString() : QString(u' ' + name));
        QStringList &list = tests ? make.test : make.build;
        if (!list.contains(command) && (tests || name == "all"_L1 || name == "build"_L1))
            list.append(command);
    }
    return make;
}

BuildSystem fromPython(const Repository &repository, const QString &file)
{
    const QByteArray text = textOf(repository, file);
    BuildSystem python{.name = u"Python package"_s, .file = file, .build = {u"pip install ."_s}, .test = {}};
    const bool pytest = text.contains("pytest") || repository.file(u"pytest.ini"_s) != nullptr ||
                        repository.file(u"conftest.py"_s) != nullptr ||
                        repository.file(u"tests/conftest.py"_s) != nullptr;
    if (pytest)
        python.test.append(u"python -m pytest"_s);
    if (repository.file(u"tox.ini"_s) != nullptr)
        python.test.append(u"tox"_s);
    return python;
}

BuildSystem fromCMake(const Repository &repository)
{
    BuildSystem cmake{.name = u"CMake"_s,
                      .file = u"CMakeLists.txt"_s,
                      .build = {u"cmake -B build"_s, u"cmake --build build"_s},
                      .test = {}};
    const QByteArray text = textOf(repository, cmake.file);
    if (text.contains("enable_testing") || text.contains("include(CTest)"))
        cmake.test.append(u"ctest --test-dir build"_s);
    return cmake;
}

// Python's own runner finds "tests/test_*.py" that import unittest, without any file that says so.
bool usesUnittest(const Repository &repository)
{
    return std::ranges::any_of(repository.files, [&](const FileFacts &facts) {
        return facts.testFile && facts.tests > 0 && facts.path.endsWith(".py"_L1) &&
               textOf(repository, facts.path).contains("import unittest");
    });
}

} // namespace

std::vector<BuildSystem> findBuildSystems(const Repository &repository)
{
    std::vector<BuildSystem> found;
    const bool tests = std::ranges::any_of(repository.files, [](const FileFacts &f) { return f.tests > 0; });
    const auto has = [&](const QString &file) {
        return repository.file(file) != nullptr;
    };
    if (has(u"CMakeLists.txt"_s))
        found.push_back(fromCMake(repository));
    for (const Known &known : knownFiles) {
        const QString file = QString::fromLatin1(known.file);
        const bool superseded = file == "configure"_L1 && has(u"configure.ac"_s);
        if (has(file) && !superseded)
            found.push_back({QString::fromLatin1(known.name), file, commands(known.build),
                             tests ? commands(known.test) : QStringList()});
    }
    if (has(u"package.json"_s))
        found.push_back(fromPackageJson(textOf(repository, u"package.json"_s)));
    for (const QString &file : {u"pyproject.toml"_s, u"setup.py"_s, u"setup.cfg"_s}) {
        if (has(file)) {
            found.push_back(fromPython(repository, file));
            break;
        }
    }
    for (const QString &file : {u"GNUmakefile"_s, u"Makefile"_s, u"makefile"_s}) {
        if (has(file)) {
            found.push_back(fromMakefile(textOf(repository, file), file));
            break;
        }
    }
    const bool tested = std::ranges::any_of(found, [](const BuildSystem &b) { return !b.test.isEmpty(); });
    if (!tested && usesUnittest(repository))
        found.push_back({u"unittest"_s, u"the test files"_s, {}, {u"python3 -m unittest discover"_s}});
    return found;
}

} // namespace muster::demo
