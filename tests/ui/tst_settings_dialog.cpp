// The settings: providers with what they need, the default one, lasting permissions; all of it by keyboard.
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"

#include <QComboBox>
#include <QLineEdit>
#include <QStackedWidget>

using namespace muster;
using namespace Qt::StringLiterals;

class TestSettingsDialog : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void cleanup();
    void tellsWhatEachNeeds();
    void onlyWhatIsReadyCanBeTheDefault();
    void checksAgain();
    void refusalIsShown();
    void keysAreKeptAndRemoved();
    void whatWasTypedIsForThatKey();
    void refusedKeyStaysTyped();
    void placeIsChosen();
    void fileIsMade();
    void fileIsUnlocked();
    void placeOfTheEnvironment();
    void rulesAreRevokedByKeyboard();
    void noRules();
    void pagesByKeyboard();
    void everyControlHasAName();

private:
    template <typename W> [[nodiscard]] W *named(const QString &name) const
    {
        return testing::namedIn<W>(m_dialog, name);
    }
    [[nodiscard]] QPushButton *button(const QString &text) const { return testing::buttonIn(m_dialog, text); }
    void open();
    void openPage(int page);
    [[nodiscard]] QString shownIn(const QString &role) const { return testing::shownIn(m_dialog, role); }

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    SettingsDialog *m_dialog = nullptr; // deletes itself when closed
};

void TestSettingsDialog::init()
{
    m_node = std::make_unique<MemoryNode>();
    m_node->runtimes = {{.id = u"claude-acp"_s,
                         .label = u"Claude Code over ACP"_s,
                         .state = u"not_installed"_s,
                         .detail = u"claude-agent-acp"_s,
                         .npm = u"@agentclientprotocol/claude-agent-acp"_s},
                        {.id = u"demo"_s,
                         .label = u"Demo agent"_s,
                         .state = u"ready"_s,
                         .path = u"/bin/muster-demo-agent"_s,
                         .versionState = u"not_asked"_s,
                         .signIn = u"not_needed"_s,
                         .isDefault = true,
                         .abilities = {u"works_offline"_s}},
                        {.id = u"gemini"_s,
                         .label = u"Gemini CLI"_s,
                         .state = u"wrong_version"_s,
                         .path = u"/usr/bin/gemini"_s,
                         .version = u"0.50.0"_s,
                         .versionState = u"known"_s,
                         .minimumVersion = u"0.61.0"_s,
                         .signIn = u"unknown"_s,
                         .npm = u"@google/gemini-cli"_s},
                        {.id = u"qwen"_s,
                         .label = u"Qwen Code"_s,
                         .state = u"ready"_s,
                         .path = u"/usr/bin/qwen"_s,
                         .version = u"0.24.4"_s,
                         .versionState = u"known"_s,
                         .signIn = u"signed_in"_s,
                         .signedInBy = u"OPENAI_API_KEY"_s}};
    m_node->permissions = {{.id = PermissionRuleId{4},
                            .project = ProjectId{1},
                            .projectName = u"larder"_s,
                            .kind = ToolKind::Execute,
                            .pattern = u"ctest --preset dev"_s,
                            .allowed = true},
                           {.id = PermissionRuleId{5},
                            .project = ProjectId{1},
                            .projectName = u"larder"_s,
                            .kind = ToolKind::Edit,
                            .pattern = u"LICENSE"_s,
                            .allowed = false}};
    m_node->secrets = {{.name = u"ANTHROPIC_API_KEY"_s,
                        .isKept = true,
                        .place = u"keychain"_s,
                        .isAtHand = true,
                        .inEnvironment = true,
                        .runtimes = {u"claude"_s, u"claude-acp"_s}},
                       {.name = u"GEMINI_API_KEY"_s, .runtimes = {u"gemini"_s}},
                       {.name = u"OPENAI_API_KEY"_s, .inEnvironment = true, .runtimes = {u"qwen"_s}}};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
}

void TestSettingsDialog::cleanup()
{
    delete m_dialog;
    m_dialog = nullptr;
    m_feed.reset();
    m_node.reset();
}

void TestSettingsDialog::open()
{
    m_dialog = new SettingsDialog(m_feed.get());
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    QTRY_COMPARE(named<ListView>(u"Runtimes"_s)->model()->rowCount(), 4);
}

void TestSettingsDialog::openPage(int page)
{
    open();
    auto *pages = named<ListView>(u"Pages"_s);
    pages->setFocus();
    for (int i = 0; i < page; ++i)
        QTest::keyClick(pages, Qt::Key_Down);
}

void TestSettingsDialog::tellsWhatEachNeeds()
{
    open();
    auto *list = named<ListView>(u"Runtimes"_s);
    QCOMPARE(list->currentIndex().data().toString(), u"Demo agent"_s); // the default one
    QCOMPARE(named<QLabel>(u"Program"_s)->text(), u"/bin/muster-demo-agent"_s);
    QVERIFY(named<QLabel>(u"To do"_s)->isHidden());
    QVERIFY(named<QLabel>(u"Version"_s)->isHidden());
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Up);
    QCOMPARE(named<QLabel>(u"State"_s)->text(), u"Not installed"_s);
    QVERIFY(
        named<QLabel>(u"To do"_s)->text().endsWith(u"npm install -g @agentclientprotocol/claude-agent-acp"));
    QVERIFY(named<QLabel>(u"Sign-in"_s)->isHidden());
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(named<QLabel>(u"Version"_s)->text().startsWith(u"0.50.0, older than 0.61.0"));
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(named<QLabel>(u"Sign-in"_s)->text(), u"Signed in (OPENAI_API_KEY is set)"_s);
    QCOMPARE(list->currentIndex().data(Qt::AccessibleTextRole).toString(), u"Qwen Code, Ready"_s);
    testing::takePictures(*m_dialog, m_theme, u"settings-providers"_s);
}

void TestSettingsDialog::onlyWhatIsReadyCanBeTheDefault()
{
    open();
    auto *choice = named<QComboBox>(u"Default runtime"_s);
    QCOMPARE(choice->count(), 2);
    QCOMPARE(choice->currentData().toString(), u"demo"_s);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Down);
    QTRY_VERIFY(m_node->lastCommand<api::SetSetting>());
    QCOMPARE(m_node->lastCommand<api::SetSetting>()->key, u"runtime.default"_s);
    QCOMPARE(m_node->lastCommand<api::SetSetting>()->value.toString(), u"qwen"_s);
}

void TestSettingsDialog::checksAgain()
{
    open();
    auto *again = button(u"Check again"_s);
    QVERIFY(again->isEnabled());
    m_node->runtimes.front().state = u"ready"_s;
    again->setFocus();
    QTest::keyClick(again, Qt::Key_Space);
    QVERIFY(!again->isEnabled());
    QTRY_VERIFY(again->isEnabled());
    QCOMPARE(named<QComboBox>(u"Default runtime"_s)->count(), 3);
}

void TestSettingsDialog::refusalIsShown()
{
    open();
    m_node->refuseWith = Error{.code = ErrorCode::PermissionDenied, .detail = u"agent"_s, .where = {}};
    auto *choice = named<QComboBox>(u"Default runtime"_s);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Down);
    QTRY_COMPARE(choice->currentData().toString(), u"demo"_s); // as it is, not as it was wished
    const auto labels = m_dialog->findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel *label) {
        return label->property("role").toString() == u"error" && label->isVisible() &&
               !label->text().isEmpty();
    }));
}

void TestSettingsDialog::keysAreKeptAndRemoved()
{
    openPage(1);
    auto *keys = named<ListView>(u"Keys"_s);
    QTRY_COMPARE(keys->model()->rowCount(), 3);
    QCOMPARE(keys->currentIndex().data(Qt::AccessibleTextRole).toString(), u"ANTHROPIC_API_KEY, keychain"_s);
    QVERIFY(button(u"Remove"_s)->isEnabled());
    testing::takePictures(*m_dialog, m_theme, u"settings-keys"_s);
    keys->setFocus();
    QTest::keyClick(keys, Qt::Key_Down);
    QVERIFY(!button(u"Remove"_s)->isEnabled());
    QVERIFY(!button(u"Keep in the keychain"_s)->isEnabled());
    auto *value = named<QLineEdit>(u"Value of GEMINI_API_KEY"_s);
    QVERIFY(value);
    QCOMPARE(value->echoMode(), QLineEdit::Password);
    QTest::keyClicks(value, u" a-key-of-a-test "_s);
    m_node->secrets.at(1).isKept = true;
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_VERIFY(m_node->lastCommand<api::SetSecret>());
    QCOMPARE(m_node->lastCommand<api::SetSecret>()->name, u"GEMINI_API_KEY"_s);
    QCOMPARE(m_node->lastCommand<api::SetSecret>()->value, u"a-key-of-a-test"_s);
    QTRY_COMPARE(value->text(), QString());
    QTRY_VERIFY(button(u"Remove"_s)->isEnabled());
    QVERIFY(shownIn(u"muted"_s).startsWith(u"GEMINI_API_KEY is in the keychain"));
    m_node->secrets.at(1).isKept = false;
    QTest::mouseClick(button(u"Remove"_s), Qt::LeftButton);
    QTRY_VERIFY(m_node->lastCommand<api::RemoveSecret>());
    QCOMPARE(m_node->lastCommand<api::RemoveSecret>()->name, u"GEMINI_API_KEY"_s);
    QTRY_VERIFY(!button(u"Remove"_s)->isEnabled());
}

void TestSettingsDialog::whatWasTypedIsForThatKey()
{
    openPage(1);
    auto *keys = named<ListView>(u"Keys"_s);
    QTRY_COMPARE(keys->model()->rowCount(), 3);
    auto *value = named<QLineEdit>(u"Value of ANTHROPIC_API_KEY"_s);
    QTest::keyClicks(value, u"sk-of-a-test"_s);
    keys->setCurrentIndex(keys->model()->index(1, 0));
    QCOMPARE(value->text(), QString());
    QCOMPARE(value->accessibleName(), u"Value of GEMINI_API_KEY"_s);
    QTest::keyClick(value, Qt::Key_Return);
    QVERIFY(!m_node->lastCommand<api::SetSecret>());
}

void TestSettingsDialog::refusedKeyStaysTyped()
{
    openPage(1);
    auto *keys = named<ListView>(u"Keys"_s);
    QTRY_COMPARE(keys->model()->rowCount(), 3);
    auto *value = named<QLineEdit>(u"Value of ANTHROPIC_API_KEY"_s);
    QTest::keyClicks(value, u"sk-of-a-test"_s);
    m_node->refuseWith =
        Error{.code = ErrorCode::Unavailable, .detail = u"no service"_s, .where = u"keychain"_s};
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_VERIFY(!shownIn(u"error"_s).isEmpty());
    QCOMPARE(value->text(), u"sk-of-a-test"_s);
    testing::takePictures(*m_dialog, m_theme, u"settings-keys-refused"_s);
}

// As where there is no keychain: the place is chosen where the key was to be given.
void TestSettingsDialog::placeIsChosen()
{
    openPage(1);
    auto *choice = named<QComboBox>(u"Where keys are kept"_s);
    QTRY_COMPARE(choice->currentData().toString(), u"keychain"_s);
    QVERIFY(!named<QLineEdit>(u"Passphrase"_s)->isVisible());
    m_node->keyStore.store = u"ask"_s;
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Down);
    QTRY_VERIFY(m_node->lastCommand<api::SetSetting>());
    QCOMPARE(m_node->lastCommand<api::SetSetting>()->key, u"keys.store"_s);
    QCOMPARE(m_node->lastCommand<api::SetSetting>()->value.toString(), u"ask"_s);
    QTRY_VERIFY(button(u"Keep until the node ends"_s));
    QVERIFY(shownIn(u"muted"_s).contains(u"never on the disk"));
    m_node->refuseWith = Error{.code = ErrorCode::PermissionDenied, .detail = u"agent"_s, .where = {}};
    QTest::keyClick(choice, Qt::Key_Down);
    QTRY_VERIFY(!shownIn(u"error"_s).isEmpty());
    QTRY_COMPARE(choice->currentData().toString(), u"ask"_s); // as it is, not as it was wished
}

void TestSettingsDialog::fileIsMade()
{
    m_node->keyStore = {
        .store = u"file"_s, .file = u"/home/me/keys.sealed"_s, .fileState = u"none"_s, .fileIsUsed = true};
    m_node->answer.text = u"/home/me/keys.sealed"_s;
    openPage(1);
    auto *passphrase = named<QLineEdit>(u"Passphrase"_s);
    auto *again = named<QLineEdit>(u"Passphrase again"_s);
    QTRY_VERIFY(passphrase->isVisible() && again->isVisible());
    QCOMPARE(passphrase->echoMode(), QLineEdit::Password);
    QCOMPARE(again->echoMode(), QLineEdit::Password);
    testing::takePictures(*m_dialog, m_theme, u"settings-keys-file-new"_s);
    QTest::keyClicks(passphrase, u"correct horse battery"_s);
    QTest::keyClicks(again, u"correct horse batter"_s);
    QVERIFY(!button(u"Make the file"_s)->isEnabled());
    QTest::keyClick(again, Qt::Key_Return);
    QVERIFY(!m_node->lastCommand<api::UnlockKeys>());
    QTest::keyClicks(again, u"y"_s);
    m_node->keyStore.fileState = u"open"_s;
    QTest::keyClick(again, Qt::Key_Return);
    QTRY_VERIFY(m_node->lastCommand<api::UnlockKeys>());
    QCOMPARE(m_node->lastCommand<api::UnlockKeys>()->passphrase, u"correct horse battery"_s);
    QTRY_VERIFY(!passphrase->isVisible());
    QCOMPARE(passphrase->text() + again->text(), QString());
    QVERIFY(shownIn(u"muted"_s).startsWith(u"/home/me/keys.sealed is open"));
}

void TestSettingsDialog::fileIsUnlocked()
{
    m_node->keyStore = {
        .store = u"file"_s, .file = u"/home/me/keys.sealed"_s, .fileState = u"locked"_s, .fileIsUsed = true};
    m_node->secrets.at(0).place = u"file"_s;
    m_node->secrets.at(0).isAtHand = false;
    openPage(1);
    auto *passphrase = named<QLineEdit>(u"Passphrase"_s);
    QTRY_VERIFY(passphrase->isVisible());
    QVERIFY(!named<QLineEdit>(u"Passphrase again"_s)->isVisible());
    QCOMPARE(named<ListView>(u"Keys"_s)->currentIndex().data(Qt::AccessibleTextRole).toString(),
             u"ANTHROPIC_API_KEY, encrypted file, locked"_s);
    m_node->refuseWith = Error{.code = ErrorCode::PermissionDenied, .detail = {}, .where = u"passphrase"_s};
    QTest::keyClicks(passphrase, u"a wrong one"_s);
    QTest::mouseClick(button(u"Unlock"_s), Qt::LeftButton);
    QVERIFY(!button(u"Unlock"_s)->isEnabled()); // until it is answered
    QTRY_VERIFY(shownIn(u"error"_s).contains(u"not the passphrase"));
    QVERIFY(button(u"Unlock"_s)->isEnabled());
    testing::takePictures(*m_dialog, m_theme, u"settings-keys-file-locked"_s);
    m_node->refuseWith.reset();
    m_node->keyStore.fileState = u"open"_s;
    m_node->secrets.at(0).isAtHand = true;
    QTest::keyClick(passphrase, Qt::Key_Return);
    QTRY_VERIFY(!passphrase->isVisible());
    QTRY_COMPARE(named<ListView>(u"Keys"_s)->currentIndex().data(Qt::AccessibleTextRole).toString(),
                 u"ANTHROPIC_API_KEY, encrypted file"_s);
}

void TestSettingsDialog::placeOfTheEnvironment()
{
    m_node->keyStore = {.store = u"ask"_s, .isFixed = true, .fileState = u"none"_s};
    openPage(1);
    auto *choice = named<QComboBox>(u"Where keys are kept"_s);
    QTRY_COMPARE(choice->currentData().toString(), u"ask"_s);
    QVERIFY(!choice->isEnabled());
    QVERIFY(choice->toolTip().contains(u"MUSTER_KEYS_STORE"));
}

void TestSettingsDialog::rulesAreRevokedByKeyboard()
{
    openPage(2);
    auto *rules = named<ListView>(u"Lasting rules"_s);
    QTRY_VERIFY(rules->isVisible());
    QCOMPARE(rules->currentIndex().data().toString(), u"LICENSE"_s); // what denies comes first
    QCOMPARE(rules->currentIndex().data(Qt::AccessibleTextRole).toString(),
             u"may not write LICENSE, larder"_s);
    testing::takePictures(*m_dialog, m_theme, u"settings-permissions"_s);
    rules->setFocus();
    QTest::keyClick(rules, Qt::Key_Down);
    m_node->permissions.erase(m_node->permissions.begin());
    QTest::keyClick(rules, Qt::Key_Delete);
    QTRY_VERIFY(m_node->lastCommand<api::RevokePermission>());
    QCOMPARE(m_node->lastCommand<api::RevokePermission>()->rule, PermissionRuleId{4});
    QTRY_COMPARE(rules->model()->rowCount(), 1);
    QVERIFY(button(u"Revoke"_s)->isEnabled());
    m_node->permissions.clear();
    QTest::mouseClick(button(u"Revoke"_s), Qt::LeftButton);
    QTRY_COMPARE(m_node->lastCommand<api::RevokePermission>()->rule, PermissionRuleId{5});
    QTRY_VERIFY(!rules->isVisible()); // says instead that there is none
}

void TestSettingsDialog::noRules()
{
    m_node->permissions.clear();
    open();
    named<ListView>(u"Pages"_s)->setCurrentIndex(named<ListView>(u"Pages"_s)->model()->index(2, 0));
    QTRY_VERIFY(!named<ListView>(u"Lasting rules"_s)->isVisible());
    QVERIFY(button(u"Revoke"_s)->isHidden());
}

void TestSettingsDialog::pagesByKeyboard()
{
    open();
    auto *pages = named<ListView>(u"Pages"_s);
    pages->setFocus();
    QTest::keyClick(pages, Qt::Key_Down);
    QVERIFY(!named<ListView>(u"Runtimes"_s)->isVisible());
    QTest::keyClick(pages, Qt::Key_Up);
    QVERIFY(named<ListView>(u"Runtimes"_s)->isVisible());
    QTest::keyClick(m_dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_dialog || !m_dialog->isVisible());
    m_dialog = nullptr;
}

void TestSettingsDialog::everyControlHasAName()
{
    open();
    QCOMPARE(testing::namelessControls(m_dialog), QStringList());
}

QTEST_MAIN(TestSettingsDialog)
#include "tst_settings_dialog.moc"
