import ArgumentParser
import Configuration
import Crypto
import GRDB
import Hummingbird
import AsyncHTTPClient
import ServiceLifecycle
print("hello")
