import ChatUI
import TerminalTypes

extension Configuration<ClientSetting> {
  var theme: Theme { self[ClientSetting.theme] ?? .auto }

  var hyperlinks: HyperlinkUse { self[ClientSetting.hyperlinks] ?? .auto }

  /// The settings that the interface reads.
  var preferences: Preferences {
    var preferences = Preferences()
    preferences.layout = self[ClientSetting.layout] ?? preferences.layout
    preferences.timeFormat = self[ClientSetting.timeFormat] ?? preferences.timeFormat
    preferences.showsSidebar = self[ClientSetting.sidebar]
    preferences.hidesPresence = self[ClientSetting.presence].map { !$0 }
    preferences.linesWithoutAsking = self[ClientSetting.pasteLines] ?? preferences.linesWithoutAsking
    preferences.notifications = notifications
    preferences.servers = servers
    preferences.keyMap = keyMap
    preferences.showsCandidates = self[ClientSetting.popup] ?? preferences.showsCandidates
    preferences.usesMouse = self[ClientSetting.mouse] ?? preferences.usesMouse
    preferences.opensLinks = self[ClientSetting.openLinksWith] != nil
    return preferences
  }
}
